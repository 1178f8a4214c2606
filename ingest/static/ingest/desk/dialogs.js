// Dialogs: help, where to move, what an earlier visit left, and the three texts after somebody else has saved.

import { ROLE_NAMES, Refusal, TRAYS, applyAll, containers } from "./core.js";
import { byId, clock, el, runs } from "./dom.js";
import { helpTable } from "./keys.js";
import { findWords, halfWidth, hitList } from "./replacing.js";
import { editText } from "./steps.js";
import { differences } from "./store.js";

function show(title, body, buttons, { isWide = false, canLeave = true } = {}) {
  const dialog = byId("dk-dialog");
  const back = document.activeElement;
  return new Promise((resolve) => {
    const close = (answer) => {
      dialog.oncancel = null;
      dialog.close();
      back?.focus?.();
      resolve(answer);
    };
    dialog.className = isWide ? "is-wide" : "";
    dialog.replaceChildren(
      el("h2", { id: "dk-dialog-title" }, title), body,
      el("div", { class: "bar-inline" }, buttons.map(([label, answer, isMain]) => el(
        "button", { type: "button", class: isMain ? "button default" : "button quiet-button", onclick: () => close(answer()) }, label,
      ))),
    );
    dialog.oncancel = (event) => {
      event.preventDefault();
      if (canLeave) close(null);
    };
    dialog.close2 = close;
    dialog.showModal();
    dialog.scrollTop = 0;
  });
}

// The table of keys; without a keyboard its lines are the buttons. Answers what was chosen.
export const help = () => show("操作和快捷键（光标不在输入框里时）", helpTable((act) => byId("dk-dialog").close2(act)),
  [["关上", () => null]], { isWide: true });

export const confirmDialog = (title, words, yes) => show(title, el("p", {}, words), [[yes, () => true, true], ["不了", () => false]]);

// Find and replace over the page: every hit is shown and may be left out.
export function replaceDialog(layout, names) {
  const holder = el("div", {});
  let ticked = hitList([]);
  const fill = () => {
    const hits = findWords(layout, words.value, by.value, names);
    ticked = hitList(hits);
    holder.replaceChildren(el("p", { class: "quiet", role: "status" }, words.value ? `${hits.filter((hit) => !hit.guard).length} 处可以换` : ""), ticked.list);
  };
  const words = el("input", { type: "text", autocomplete: "off", oninput: () => fill() });
  const by = el("input", { type: "text", autocomplete: "off", oninput: () => fill() });
  const body = el("div", {}, el("label", {}, "找", words), el("label", {}, "换成", by), holder);
  const asked = show("在本版查找替换", body, [["替换勾选的", () => ticked.chosen(), true], ["不换了", () => null]], { isWide: true });
  words.focus();
  return asked;
}

export function punctuationDialog(layout) {
  const ticked = hitList(halfWidth(layout));
  return show("半角标点改成全角", ticked.list, [["改勾选的", () => ticked.chosen(), true], ["不改", () => null]], { isWide: true });
}

// The blocks that are what and where they were: as many as can be found in their former order, the others have moved.
function staying(before, now) {
  const former = new Map(before.map((block, index) => [block.id, index]));
  const same = now.filter((block) => {
    const was = before[former.get(block.id)];
    return was?.text === block.text && was.role === block.role;
  });
  const runs = []; // by last block: the longest run that ends there
  for (const block of same) {
    const fitting = runs.filter((run) => former.get(run.at(-1).id) < former.get(block.id));
    runs.push([...fitting.reduce((one, other) => (other.length > one.length ? other : one), []), block]);
  }
  return new Set(runs.reduce((one, other) => (other.length > one.length ? other : one), []));
}

// Ways to lay some blocks out, each shown as it would be: the places that change, with their blocks.
export function waysDialog(title, ways, layout, view) {
  let chosen = 0;
  const laid = ways.map((way) => applyAll(layout, way.ops)[0]);
  const preview = el("div", { class: "dk-ways" });
  const fill = () => {
    const after = laid[chosen];
    const former = new Map(containers(layout));
    const changed = [...containers(after)].filter(([place, blocks]) => JSON.stringify(blocks) !== JSON.stringify(former.get(place)));
    const kept = new Map(changed.map(([place, blocks]) => [place, staying(former.get(place) ?? [], blocks)]));
    preview.replaceChildren(...changed.map(([place, blocks]) => el("section", {},
      el("h3", {}, former.has(place) ? view.nameOf(place, after) : `新的一条（${view.nameOf(place, after)}）`),
      blocks.length ? blocks.map((block) => {
        const isSame = kept.get(place).has(block);
        return el("p", { class: isSame ? "dk-same" : "dk-moved" }, el("small", {}, isSame ? "" : "改 ", ROLE_NAMES[block.role]), " ", block.text);
      }) : el("p", { class: "quiet" }, "（没有文字了）"))));
  };
  const select = ways.length > 1 && el("select", { "aria-label": "怎样分", onchange: () => { chosen = select.selectedIndex; fill(); } },
    ways.map((way, index) => el("option", {}, index || way.is_doubtful ? way.label : `${way.label}（读起来最顺）`)));
  fill();
  const take = () => ({ ops: ways[chosen].ops, focus: ways[chosen].ops.find((op) => op.op === "Move")?.block });
  const note = ways[0].is_doubtful && el("p", { class: "warnnote" }, "按接缝看，现在这样读着最顺：多半没有读串。");
  return show(`${title}：看过再用`, el("div", {}, note || null, select || null, preview), [["就这样", take, true], ["不用", () => null]], { isWide: true });
}

// The history of the page, the newest first. Answers the act to go back to, or null.
export function pastDialog(rows) {
  const run = ([kind, text]) => (kind === "same" ? text : el(kind, {}, text));
  const head = (row) => [el("time", { datetime: row.at }, clock(row.at)), " ", el("strong", {}, row.who), ` ${row.act}`,
    row.about ? ` ${row.about}` : "", row.reason ? `：${row.reason}` : "", el("small", { class: "quiet" }, row.changes.length ? ` ${row.changes.length} 处` : "")];
  const back = (row) => row.can_restore && el("p", { class: "bar-inline" },
    el("button", { type: "button", class: "button quiet-button", onclick: () => byId("dk-dialog").close2(row.id) }, "恢复到这次之后……"));
  const first = rows.findIndex((row) => row.changes.length);
  const list = el("ol", { class: "dk-past" }, rows.map((row, index) => (row.changes.length
    ? el("li", {}, el("details", { open: index === first }, el("summary", {}, head(row)),
      row.changes.map((change) => el("div", { class: "change" },
        el("p", { class: "change-label" }, change.label, change.note ? `（${change.note}）` : ""),
        change.runs.length ? el("p", { class: "runs" }, change.runs.map(run)) : null)), back(row)))
    : el("li", { class: "quiet" }, head(row)))));
  return show("本版历史", rows.length ? list : el("p", {}, "还没有历史。"), [["关上", () => null]], { isWide: true });
}

// Where a story comes from and goes on. Answers the two texts, or null.
export function jumpsDialog(facts) {
  const field = (value) => el("input", { type: "text", maxlength: "30", autocomplete: "off", value, onkeydown: (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      byId("dk-dialog").close2(said());
    }
  } });
  const [from, on] = [field(facts.continued_from), field(facts.continued_on)];
  const said = () => ({ continued_from: from.value.trim(), continued_on: on.value.trim() });
  const asked = show("转版", el("div", {}, el("label", {}, "上接（例如：第一版）", from), el("label", {}, "下转（例如：第四版）", on)),
    [["就这样", said, true], ["不改", () => null]]);
  from.focus();
  return asked;
}

// Items by number, trays by letter; typing narrows, Enter takes the first.
export function choosePlace(view) {
  const places = [
    ...view.store.layout.items.map((item, index) => [item.key, `${index + 1}`, view.titleOf(item)]),
    ...TRAYS.map((name, index) => [name, "uafr"[index], view.nameOf(name)]),
  ];
  const list = el("ul", { class: "dk-choices" });
  const fill = (words) => {
    const found = places.filter(([, number, title]) => !words || number === words || title.includes(words)
      || number.startsWith(words));
    found.sort((a, b) => (b[1] === words) - (a[1] === words));
    list.replaceChildren(...found.map(([place, number, title]) => el("li", {},
      el("button", { type: "button", onclick: () => byId("dk-dialog").close2(place) }, el("kbd", {}, number), ` ${title}`))));
  };
  const input = el("input", {
    type: "text", "aria-label": "第几条，或标题里的字；u 未归位，a 搁置，f 附件，r 剔除", autocomplete: "off",
    oninput: () => fill(input.value.trim()),
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        list.querySelector("button")?.click();
      }
    },
  });
  fill("");
  const asked = show("移到哪里？", el("div", {}, input, list), [["不移了", () => null]]);
  input.focus();
  return asked;
}

function changeList(changes) {
  return el("ol", { class: "dk-changes" }, changes.map((change) => el("li", {},
    change.note ? el("p", { class: "change-label" }, change.note) : null, runs(change.old, change.new))));
}

// An earlier visit left something unsaved: shown with its differences, never simply applied.
export function offerDraft(kept, view, isStale) {
  const changes = differences(kept.base, kept.after, (place, layout) => view.nameOf(place, layout));
  const when = clock(kept.at);
  const body = el("div", {},
    el("p", {}, `${when} 在这台电脑上改过、没有保存：${kept.pending.length} 步。${isStale ? "那以后别人保存过，恢复时会对照。" : ""}`),
    el("ul", { class: "dk-steps" }, kept.pending.slice(-12).map((step) => el("li", {}, step.label))), changeList(changes));
  return show("有没保存的改动", body, [["恢复这些改动", () => true, true], ["不要了", () => false]], { isWide: true, canLeave: false });
}

const textsOf = (layout) => new Map([...containers(layout)].flatMap(([place, blocks]) =>
  blocks.map((block) => [block.id, { ...block, place }])));

// Somebody saved first. What does not touch the same words goes on top by itself; for each block that both changed the
// editor sees base, theirs and mine and says what shall stand.
export async function mergeWith(desk, state, { base, mine, steps }) {
  const [was, theirs, own] = [textsOf(base), textsOf(state.layout), textsOf(mine)];
  const theyChanged = new Set([...was].filter(([id, block]) => theirs.get(id)?.text !== block.text).map(([id]) => id));
  const isClash = (op) => ["EditText", "Split", "Join", "DropBlock"].includes(op.op)
    && [op.block, op.first, op.second].some((id) => theyChanged.has(id));
  const kept = steps.filter((step) => !step.ops.some(isClash));
  const held = steps.filter((step) => step.ops.some(isClash));
  const refused = desk.store.rebase(state, kept);
  const ids = new Set(held.flatMap((step) => step.ops.flatMap((op) => [op.block, op.first, op.second])).filter((id) => theyChanged.has(id)));
  const rows = [...ids].map((id) => {
    const area = el("textarea", { rows: "4", value: own.get(id)?.text ?? was.get(id)?.text ?? "", "aria-label": "合并后的文字" });
    const use = (label, text) => el("button", { type: "button", onclick: () => { area.value = text; } }, label);
    const [b, t, m] = [was.get(id)?.text ?? "", theirs.get(id)?.text, own.get(id)?.text];
    return { id, area, row: el("li", {}, el("dl", { class: "dk-three" },
      el("dt", {}, "原来"), el("dd", {}, b),
      el("dt", {}, "对方"), el("dd", {}, t === undefined ? "（并入别处，或移走了）" : runs(b, t)),
      el("dt", {}, "你的"), el("dd", {}, m === undefined ? "（并入别处，或移走了）" : runs(b, m))),
    el("p", { class: "bar-inline" }, use("用对方的", t ?? b), use("用我的", m ?? b)), area) };
  });
  const changes = differences(base, state.layout, (place, layout) => desk.view.nameOf(place, layout));
  const lost = [...refused, ...held.filter((step) => step.ops.some((op) => op.op !== "EditText")).map((step) => ({ ...step, reason: "对方改了同一段" }))];
  const body = el("div", {},
    el("p", {}, `你的改动一个字也没有丢。${kept.length > refused.length ? `${kept.length - refused.length} 步已经接在对方的后面，还没有保存。` : ""}`),
    rows.length ? el("section", {}, el("h3", {}, "两边都改了这些段，请定稿"), el("ol", { class: "dk-changes" }, rows.map(({ row }) => row))) : null,
    lost.length ? el("section", {}, el("h3", {}, "这几步没有套上，请看过后重做"), el("ul", {}, lost.map((step) => el("li", {}, `${step.label}：${step.reason}`)))) : null,
    el("details", {}, el("summary", {}, `对方改了什么（${changes.length} 处）`), changeList(changes)));
  const decided = show("别人先保存了", body, [["就这样合并", () => true, true]], { isWide: true, canLeave: false });
  rows[0]?.area.focus(); // not a button that would drop one of the two at a key press
  await decided;
  for (const { id, area } of rows) {
    const now = textsOf(desk.store.layout).get(id);
    try {
      if (now) desk.store.act("合并改字", editText(now, area.value), id);
      else if (area.value.trim()) {
        const op = { op: "AddBlock", block: `e${Date.now() % 1e12}`, place: "unplaced", index: 0, role: "text", text: area.value };
        desk.store.act("留下改过的字", [op]);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      desk.report(error.message);
    }
  }
}

