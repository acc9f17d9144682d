"""A tool that is older than the article it reads."""

import importlib
import json
import pkgutil
import sys

import dateline_client
from dateline_client.models import ArticlePage

modules = [module.name for module in pkgutil.walk_packages(dateline_client.__path__, "dateline_client.")]
for name in modules:
    importlib.import_module(name)

with open(sys.argv[1], encoding="utf-8") as file:
    served = json.load(file)
younger = {"id": "m1", "type": "seismograph", "html": "<figure>a quake</figure>", "magnitude": 6.1, "stations": ["SAP"]}
served["body"]["blocks"].append(younger)
served["a_later_member"] = {"of": "the article"}

article = ArticlePage.from_dict(served)
block = article.body.blocks[-1]
assert block.type_ == "seismograph" and block["magnitude"] == 6.1 and block["stations"] == ["SAP"], block
assert article.headline == served["headline"] and article["a_later_member"] == {"of": "the article"}
assert article.to_dict()["body"]["blocks"][-1] == younger
print(f"Python imports {len(modules)} modules, reads “{article.headline}” and a block that it does not know")
