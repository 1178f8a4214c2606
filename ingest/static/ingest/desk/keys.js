// The keyboard: one table for what the keys do and what the help says.

import { el } from "./dom.js";

export const KEYS = [
  ["走动", [
    [["ArrowUp", "k"], "上一段", (d) => d.commands.step(-1)],
    [["ArrowDown", "j"], "下一段", (d) => d.commands.step(1)],
    [["K", "PageUp"], "上一条", (d) => d.commands.stepItem(-1)],
    [["J", "PageDown"], "下一条", (d) => d.commands.stepItem(1)],
    [["w"], "下一处疑点或没有把握的地方", (d) => d.commands.doubt()],
    [["l"], "到来源的这一行（↑ ↓ 走行，Enter 回到段）", (d) => d.toSource()],
  ]],
  ["改文字", [
    [["Enter", "e"], "改这一段（Esc 完成；Ctrl+Enter 从光标处分开）", (d) => d.editor.start(d.view.current)],
    [["b"], "接上后一段", (d) => d.commands.join(true)],
    [["B"], "接到前一段后面", (d) => d.commands.join(false)],
    [["+"], "加一段文字", (d) => d.editor.add()],
    [["h"], "加标题，或去改标题", (d) => d.editor.addHeadline()],
  ]],
  ["角色", [
    [["1"], "主题（公告：报面标题）", (d) => d.commands.role("headline")],
    [["2"], "引题", (d) => d.commands.role("kicker")],
    [["3"], "副题", (d) => d.commands.role("deck")],
    [["4"], "署名", (d) => d.commands.role("byline")],
    [["5"], "段落", (d) => d.commands.role("paragraph")],
    [["6"], "小标题", (d) => d.commands.role("subhead")],
    [["7"], "图片说明", (d) => d.commands.role("caption")],
    [["8"], "栏目", (d) => d.commands.role("column")],
  ]],
  ["移动", [
    [["x", " "], "选中、取消选中（可多选）", (d) => d.commands.pick()],
    [["Escape"], "全部取消选中", (d) => d.commands.unpick()],
    [["v"], "把选中的移到这一段后面", (d) => d.commands.fetch(false)],
    [["V"], "把选中的移到这一段前面", (d) => d.commands.fetch(true)],
    [["m"], "移到某一条或托盘：输入号码", (d) => d.moveTo()],
    [["Alt+ArrowUp"], "上移一格（可越过条目）", (d) => d.commands.nudge(-1)],
    [["Alt+ArrowDown"], "下移一格", (d) => d.commands.nudge(1)],
    [["u"], "放到未归位", (d) => d.commands.to("unplaced", "放到未归位")],
    [["a"], "搁置：确认不用", (d) => d.commands.to("set_aside", "搁置")],
    [["f"], "放到版面附件", (d) => d.commands.to("furniture", "放到版面附件")],
  ]],
  ["条目", [
    [["n"], "用选中的段新建稿件", (d) => d.commands.make("article")],
    [["N"], "用选中的段新建公告", (d) => d.commands.make("notice")],
    [["i"], "从这一段起另成一条", (d) => d.commands.splitItem()],
    [["g"], "并入上一条", (d) => d.commands.merge(-1)],
    [["G"], "把下一条并进来", (d) => d.commands.merge(1)],
    [["D"], "拆散这一条，文字都到未归位", (d) => d.commands.dissolve()],
    [["t"], "稿件 ↔ 公告", (d) => d.commands.convert()],
    [["d"], "上接、下转：改转版", (d) => d.jumps()],
    [["["], "整条上移", (d) => d.commands.placeItem(-1)],
    [["]"], "整条下移", (d) => d.commands.placeItem(1)],
  ]],
  ["疑点", [
    [["o"], "采纳：已改好", (d) => d.commands.settle("accepted")],
    [["O"], "照建议改字并采纳", (d) => d.commands.adopt()],
    [["p"], "排除：没有错", (d) => d.commands.settle("dismissed")],
  ]],
  ["整版", [
    [["/"], "查找替换，先看每一处", (d) => d.replace()],
    [["."], "半角标点改成全角，先看每一处", (d) => d.punctuation()],
    [["s"], "两栏读串了：选中的几段（或只这一段的各行）分成两路，先看", (d) => d.separate()],
    [["H"], "本版历史：谁、何时、改了什么字；恢复", (d) => d.past()],
    [["q"], "新读法：同一版重新识别、或引擎更新后读得不同的，逐处定", (d) => d.showReadings()],
    [["r"], "让机器重读选中的段，先看结果", (d) => d.readAgain()],
  ]],
  ["其他", [
    [["z", "Ctrl+z"], "撤销", (d) => d.commands.undo()],
    [["y", "Ctrl+y", "Ctrl+Z"], "重做", (d) => d.commands.redo()],
    [["Ctrl+s"], "保存", (d) => d.save()],
    [["c"], "保存，这一条校毕", (d) => d.corrected()],
    [[">"], "保存，到下一版：自己认领的、疑点最多的，别人没有认领也没有开着", (d) => d.leaveFor("next")],
    [["C"], "认领这一版；再按一次放回；别人认领的，接手（先问）", (d) => d.claim()],
    [["S"], "保存，去整版签审", (d) => d.toSigning()],
    [["<"], "保存，去看待校的版", (d) => d.leaveFor("queue")],
    [["?"], "这张表", (d) => d.help()],
  ]],
];

const TABLE = new Map(KEYS.flatMap(([, rows]) => rows).flatMap(([keys, , act]) => keys.map((key) => [key, act])));

// What a key press means, or nothing. Single keys are for where nobody is typing; Ctrl+S works everywhere.
export function meaning(event) {
  if (event.isComposing || event.defaultPrevented) return null;
  const hasCtrl = event.ctrlKey || event.metaKey;
  const key = hasCtrl && event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
  const name = `${hasCtrl ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${key}`;
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (field && name !== "Ctrl+s") return null;
  // Buttons, links and disclosures keep the keys that work them.
  if (event.target.closest?.("button, a, summary") && ["Enter", " "].includes(name)) return null;
  return TABLE.get(name) ?? null;
}

const SHOWN = { ArrowUp: "↑", ArrowDown: "↓", " ": "空格", Escape: "Esc", PageUp: "PgUp", PageDown: "PgDn" };
// With Ctrl the letters are shown as they stand on the keyboard: Ctrl+Z undoes, Ctrl+Shift+Z is the other.
function shown(key) {
  const parts = key.split("+").filter(Boolean).map((part) => SHOWN[part] ?? part);
  if (parts.length < 2) return parts[0] ?? "+";
  const letter = parts.at(-1);
  return [...parts.slice(0, -1), ...(/^[A-Z]$/.test(letter) ? ["Shift", letter] : [letter.length === 1 ? letter.toUpperCase() : letter])].join("+");
}

export function helpTable(choose) {
  return el("div", { class: "dk-help" }, KEYS.map(([title, rows]) => el("section", {}, el("h3", {}, title),
    el("dl", {}, rows.map(([keys, words, act]) => [
      el("dt", {}, keys.map((key) => el("kbd", {}, shown(key)))),
      el("dd", {}, el("button", { type: "button", class: "dk-link", onclick: () => choose(act) }, words)),
    ])))));
}
