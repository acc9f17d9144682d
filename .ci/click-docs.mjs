// Uses Swagger UI as a person would: signs in with user name and password, creates an article, publishes it, and takes a
// second one through its workflow and its history, with what is offered wherever that can be sent as it stands. Who signs
// in is an admin: only they take back what was killed.
// Usage: node .ci/click-docs.mjs http://127.0.0.1:8080 USER PASSWORD [PICTURE.png]
// Needs a Chromium (CHROMIUM, otherwise /usr/bin/chromium) and playwright-core below target/openapi-tools:
//   npm install --prefix target/openapi-tools playwright-core@1.65.1
// Fails when a request leaves for another host, or the console shows an error.
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [base, user, password, picture] = process.argv.slice(2);
const tools = process.env.DATELINE_TOOLS ?? join(process.cwd(), "target/openapi-tools");
const { chromium } = createRequire(join(tools, "node_modules/"))("playwright-core");

const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "dateline-docs-")), {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    viewport: { width: 1280, height: 1200 },
    args: [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
});
const faults = [];
const page = context.pages()[0] ?? (await context.newPage());
page.on("console", (said) => said.type() === "error" && faults.push(`console: ${said.text()}`));
page.on("pageerror", (error) => faults.push(`page: ${error}`));
page.on("request", (sent) => {
    const { origin, protocol } = new URL(sent.url());
    if (protocol.startsWith("http") && origin !== new URL(base).origin) faults.push(`left for ${sent.url()}`);
});

/**
 * Opens an operation, sends what stands there with these values, gives back what was answered, and closes it again: every
 * click draws all that is open anew.
 */
async function tryOut(id, values, body) {
    const operation = page.locator(`[id$="-${id}"]`).first();
    const offer = operation.getByRole("button", { name: "Try it out" });
    const summary = operation.locator(".opblock-summary-control");
    await summary.click();
    await operation.getByRole("button", { name: "Execute" }).or(offer).first().waitFor();
    if (await offer.isVisible()) await offer.click();
    for (const [name, value] of Object.entries(values ?? {})) {
        await operation.locator(`tr[data-param-name="${name}"] input`).fill(value);
    }
    if (body) await operation.locator("textarea.body-param__text").fill(JSON.stringify(body));
    const [answer] = await Promise.all([
        page.waitForResponse((seen) => seen.request().method() !== "OPTIONS" && seen.url().includes("/v1/newsroom/")),
        operation.getByRole("button", { name: "Execute" }).click(),
    ]);
    await operation.locator(".live-responses-table .response").first().waitFor();
    await summary.click();
    return { status: answer.status(), json: answer.status() === 204 ? null : await answer.json() };
}

function expect(what, answer, status) {
    if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.json)}`);
    console.log(`${what}: ${status}`);
}

try {
    await page.goto(`${base}/docs/`);
    await page.getByRole("button", { name: "Authorize" }).first().click();
    const form = page.locator(".auth-container").filter({ has: page.locator("#oauth_username") });
    await form.locator("#oauth_username").fill(user);
    await form.locator("#oauth_password").fill(password);
    const [signedIn] = await Promise.all([
        page.waitForResponse((seen) => seen.url().endsWith("/v1/auth/token")),
        form.getByRole("button", { name: "Apply given OAuth2 credentials" }).click(),
    ]);
    expect("sign in", { status: signedIn.status(), json: await signedIn.json() }, 200);
    await page.locator(".auth-container button", { hasText: "Logout" }).first().waitFor();
    await page.locator(".auth-container button", { hasText: "Close" }).first().click();

    // What is offered is sent as it stands.
    const tags = ["articles", "publishing", "workflow", "history", "previews", "legal holds", "audit"];
    for (const tag of tags) await page.locator(`.opblock-tag[data-tag="Newsroom: ${tag}"]`).click();
    const made = await tryOut("create_article", {});
    expect("create an article", made, 201);
    const published = await tryOut("publish_article", { id: made.json.id, "If-Match": `"${made.json.version}"` });
    expect("publish it", published, 200);
    if (picture) await page.screenshot({ path: picture });
    const read = await fetch(`${base}/v1/articles/${published.json.slug}`);
    expect("read it as anybody", { status: read.status, json: await read.json() }, 200);

    const headline = `Clicked through at ${new Date().toISOString()}`;
    const body = { format: "text", content: "Words." };
    const second = await tryOut("create_article", null, { headline, body, primary_region: "north-asia" });
    expect("create another", second, 201);
    const { id } = second.json;
    const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
    let shown = second.json;
    for (const [operation, sent] of [
        ["submit_article"],
        ["request_changes"],
        ["assign_article"],
        ["submit_article"],
        ["approve_article"],
        ["embargo_article"],
        ["embargo_article", { until: null, reason: "It is out already." }],
        ["schedule_article"],
        ["reschedule_article", () => ({ period: shown.live[0].id, at: later(3) })],
        ["unschedule_article"],
        ["publish_article"],
        ["patch_article", { summary: "More words." }],
        ["correct_article", { note: "Words were missing." }],
        ["unpublish_article"],
        ["publish_article"],
        ["kill_article"],
        ["reinstate_article"],
        ["archive_article"],
        ["restore_article"],
    ]) {
        const what = typeof sent === "function" ? sent() : sent;
        const answer = await tryOut(operation, { id, "If-Match": "*" }, what);
        expect(operation, answer, 200);
        shown = answer.json;
    }

    const held = { id, "If-Match": "*" };
    const merged = { base_version: shown.version, patch: { kicker: "Merged" } };
    let preview;
    for (const [operation, status, values, sent] of [
        ["list_revisions", 200, { id, cursor: "" }],
        ["get_revision", 200, { id, number: "1" }],
        ["diff_revisions", 200, { id, number: "1", other: "2" }],
        ["merge_article", 200, held, merged],
        ["restore_revision", 200, { ...held, number: "1" }],
        ["put_presence", 200, { id }],
        ["get_presence", 200, { id }],
        ["delete_presence", 204, { id }],
        ["create_preview", 201, { id }],
        ["list_previews", 200, { id, cursor: "" }],
        ["get_preview_link", 200, () => ({ id, preview_id: preview })],
        ["revoke_preview", 204, () => ({ id, preview_id: preview })],
        ["place_legal_hold", 200, { id }],
        ["get_legal_hold", 200, { id }],
        ["lift_legal_hold", 204, { id }],
        ["delete_article", 204, held],
        ["restore_article", 200, held],
        ["list_schedule", 200, { from: "", to: "", cursor: "" }],
        ["list_audit_entries", 200, { object: id, kind: "", user: "", token: "", verb: "", from: "", to: "", cursor: "" }],
    ]) {
        const answer = await tryOut(operation, typeof values === "function" ? values() : values, sent);
        expect(operation, answer, status);
        if (operation === "create_preview") preview = answer.json.id;
    }
} finally {
    await context.close();
}
if (faults.length) throw new Error(faults.join("\n"));
