// Runs the browser's core over operations that Python drew: `node parity.mjs < cases.json`.
import { readFileSync } from "node:fs";
import { apply, applyAll } from "../../../ingest/static/ingest/desk/core.js";
import * as steps from "../../../ingest/static/ingest/desk/steps.js";

const sorted = (value) =>
  Array.isArray(value) ? value.map(sorted)
  : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((k) => [k, sorted(value[k])]))
  : value;
const answers = JSON.parse(readFileSync(0, "utf8")).map(({ layout, ops, step }) => {
  try {
    if (step) return steps[step[0]](layout, ...step.slice(1));
    const before = JSON.stringify(layout);
    let now = layout;
    for (const op of ops) [now] = apply(now, op);
    const [after, inverses] = applyAll(layout, ops);
    const back = applyAll(after, inverses)[0];
    if (JSON.stringify(sorted(back)) !== JSON.stringify(sorted(layout))) return "undo does not lead back";
    if (JSON.stringify(layout) !== before || JSON.stringify(now) !== JSON.stringify(after)) return "not pure";
    return after;
  } catch (refusal) {
    return { refused: refusal.message };
  }
});
process.stdout.write(JSON.stringify(answers));
