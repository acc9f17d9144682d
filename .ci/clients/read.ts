// A frontend that is older than the article it reads.
import type { components, operations } from "./dateline";

declare const process: { argv: string[]; getBuiltinModule(name: "fs"): { readFileSync(path: string, as: string): string } };

type ArticlePage = components["schemas"]["ArticlePage"];
type Block = components["schemas"]["Block"];
type Published = operations["get_article"]["responses"][200]["content"]["application/json"];

function draw(block: Block): string {
    switch (block.type) {
        case "heading": {
            const tag = `h${String(block["level"] ?? 2)}`;
            return `<${tag}>${block.content ?? ""}</${tag}>`;
        }
        default:
            return block.html ?? "";
    }
}

const younger: Block = { id: "m1", type: "seismograph", html: "<figure>a quake</figure>", magnitude: 6.1, stations: ["SAP"] };
const text = process.getBuiltinModule("fs").readFileSync(process.argv[2] ?? "", "utf8");
const article: Published = JSON.parse(text);
const page: ArticlePage = { ...article, body: { ...article.body, blocks: [...(article.body.blocks ?? []), younger] } };
const drawn = (page.body.blocks ?? []).map(draw).join("\n");
const magnitude: unknown = page.body.blocks?.at(-1)?.["magnitude"];
if (!page.headline || !drawn.includes("a quake") || magnitude !== 6.1) {
    throw new Error(`the TypeScript client lost something of ${page.headline}`);
}
console.log(`TypeScript reads “${page.headline}” and a block that it does not know`);
