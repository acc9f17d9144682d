"""Writes the bill of materials of the program (CycloneDX 1.5) from Cargo's own account of what is linked into it."""

import json
import re
import subprocess

account = json.loads(subprocess.check_output(["cargo", "metadata", "--format-version", "1", "--locked"]))
packages = {package["id"]: package for package in account["packages"]}
nodes = {node["id"]: node for node in account["resolve"]["nodes"]}
locked = re.findall(
    r'name = "([^"]+)"\nversion = "([^"]+)"\nsource = "[^"]+"\nchecksum = "([0-9a-f]{64})"', open("Cargo.lock").read()
)
checksums = {(name, version): checksum for name, version, checksum in locked}


def url(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def linked(node):
    """What is part of the program, or makes a part of it; not what only tests use."""
    return [
        other["pkg"]
        for other in node["deps"]
        if any(kind["kind"] in (None, "build") for kind in other["dep_kinds"])
    ]


root = account["resolve"]["root"]
reached, waiting = {root}, [root]
while waiting:
    for other in linked(nodes[waiting.pop()]):
        if other not in reached:
            reached.add(other)
            waiting.append(other)


def component(identity):
    package = packages[identity]
    entry = {
        "type": "application" if identity == root else "library",
        "bom-ref": url(package),
        "name": package["name"],
        "version": package["version"],
        "purl": url(package),
    }
    if package["license"]:
        entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    checksum = checksums.get((package["name"], package["version"]))
    if checksum:
        entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return entry


order = sorted(reached, key=lambda identity: url(packages[identity]))
print(
    json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": {"component": component(root)},
            "components": [component(identity) for identity in order if identity != root],
            "dependencies": [
                {"ref": url(packages[identity]), "dependsOn": sorted(url(packages[other]) for other in linked(nodes[identity]))}
                for identity in order
            ],
        },
        indent=1,
    )
)
