// One page as an immutable value and the operations on it: the same as ingest/desk/layout.py and operations.py, name by
// name. A test runs both over the same operations. `apply` gives [layout, inverse] or throws a Refusal.

export class Refusal extends Error {}

export const TRAYS = ["unplaced", "set_aside", "furniture", "removed"];
export const ROLES = {
  article: ["column", "kicker", "headline", "deck", "byline", "paragraph", "subhead", "caption"],
  notice: ["heading", "paragraph", "subhead"],
};
export const RANKS = {
  text: 0, column: 0, kicker: 1, headline: 2, heading: 2, deck: 3, byline: 4, paragraph: 5, subhead: 5, caption: 6,
};
export const SINGLE = new Set(["column", "kicker", "headline", "heading", "byline"]);
export const ROLE_NAMES = {
  column: "栏目", kicker: "引题", headline: "主题", heading: "报面标题", deck: "副题", byline: "署名",
  paragraph: "段落", subhead: "小标题", caption: "图片说明", text: "文字",
};
const FACTS = { article: ["continued_from", "continued_on"], notice: ["kind", "fields"] };
const LIMITS = { column: 100, kicker: 300, headline: 300, heading: 200, byline: 300, deck: 300 };
const PIECE_LIMIT = 100000;
const NEW = "new:";

export const isTray = (place) => TRAYS.includes(place);
export const length = (text) => [...text].length; // characters, as the server counts them

export function itemOf(layout, key) {
  const found = layout.items.find((item) => item.key === key);
  if (!found) throw new Refusal("这一条已经不在了。");
  return found;
}
export const placeOf = (layout, key) => layout.items.indexOf(itemOf(layout, key));
export const blocksIn = (layout, place) => (isTray(place) ? layout.trays[place] : itemOf(layout, place).blocks);

export function* containers(layout) {
  for (const item of layout.items) yield [item.key, item.blocks];
  for (const name of TRAYS) yield [name, layout.trays[name]];
}

export function find(layout, id) {
  for (const [place, blocks] of containers(layout)) {
    const index = blocks.findIndex((block) => block.id === id);
    if (index >= 0) return { place, index, block: blocks[index] };
  }
  throw new Refusal("这一段已经不在了。");
}
export function has(layout, id) {
  for (const [, blocks] of containers(layout)) if (blocks.some((block) => block.id === id)) return true;
  return false;
}

export function withBlocks(layout, place, blocks) {
  if (isTray(place)) {
    for (const block of blocks) {
      if (block.role !== "text") throw new Refusal("托盘里的文字没有角色。");
      checkLength(block);
    }
    return { ...layout, trays: { ...layout.trays, [place]: blocks } };
  }
  const index = placeOf(layout, place);
  checkItem(layout.items[index].kind, blocks);
  return { ...layout, items: layout.items.with(index, { ...layout.items[index], blocks }) };
}

function checkItem(kind, blocks) {
  const seen = new Set();
  let rank = 0;
  for (const { role, text, ...rest } of blocks) {
    if (!ROLES[kind].includes(role)) {
      throw new Refusal(`${kind === "notice" ? "公告" : "稿件"}里没有“${ROLE_NAMES[role] ?? role}”。`);
    }
    if (SINGLE.has(role) && seen.has(role)) {
      throw new Refusal(`这一条已经有${ROLE_NAMES[role]}了：先把原来的改成别的，或者把两段接起来。`);
    }
    if (RANKS[role] < rank) throw new Refusal(`${ROLE_NAMES[role]}不能放在这里。`);
    seen.add(role);
    rank = RANKS[role];
    checkWords(text);
    checkLength({ role, text, ...rest });
  }
}
function checkWords(text) {
  if (!text.trim()) throw new Refusal("一段不能没有文字：不要的文字请移到“已搁置”。");
}
function checkLength({ role, text }) {
  const limit = LIMITS[role];
  const count = text.length > (limit ?? PIECE_LIMIT) ? length(text) : text.length;
  if (limit === undefined) {
    if (count > PIECE_LIMIT) throw new Refusal(`一段不能超过 ${PIECE_LIMIT} 字。`);
  } else if (/[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/.test(text)) {
    throw new Refusal(`${ROLE_NAMES[role]}须是一行文字。`);
  } else if (count > limit) {
    throw new Refusal(`${ROLE_NAMES[role]}不能超过 ${limit} 字，这段有 ${count} 字。`);
  }
}

export function settledIndex(blocks, index, role) {
  const rank = RANKS[role] ?? 0;
  const first = blocks.filter((block) => RANKS[block.role] < rank).length;
  const last = blocks.filter((block) => RANKS[block.role] <= rank).length;
  return Math.min(Math.max(index, first), last);
}

const replaceAt = (layout, place, index, count, ...blocks) =>
  withBlocks(layout, place, blocksIn(layout, place).toSpliced(index, count, ...blocks));
const union = (one, other) => [...new Set([...one, ...other])];
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
function demandFree(layout, id) {
  if (!/^[\x20-\x7e]{1,20}$/.test(id)) throw new Refusal("段块的编号不合格式。");
  if (has(layout, id)) throw new Refusal("这个编号的段块已经有了。");
}

// Offsets count characters as Python does; JavaScript's count UTF-16 units. They differ only in texts with rare
// characters (𠮷), and only such texts pay for the conversion.
const isWide = (text) => /[\ud800-\udbff]/.test(text);
export const units = (text, at) => (isWide(text) ? [...text].slice(0, at).join("").length : at);
export const points = (text, at) => (isWide(text) ? length(text.slice(0, at)) : at);

const OPERATIONS = {
  EditText(layout, op) {
    const { place, index, block } = find(layout, op.block);
    const at = units(block.text, op.at);
    if (op.at < 0 || op.at > length(block.text) || !block.text.startsWith(op.old, at)) {
      throw new Refusal("这里的文字已经不是原来的了。");
    }
    const text = block.text.slice(0, at) + op.new + block.text.slice(at + op.old.length);
    checkWords(text);
    return [replaceAt(layout, place, index, 1, { ...block, text }), { ...op, old: op.new, new: op.old }];
  },
  AddBlock(layout, op) {
    demandFree(layout, op.block);
    checkWords(op.text);
    const index = settledIndex(blocksIn(layout, op.place), op.index, op.role);
    const block = { id: op.block, role: op.role, text: op.text, origins: op.origins ?? [] };
    return [replaceAt(layout, op.place, index, 0, block), { op: "DropBlock", block: op.block }];
  },
  DropBlock(layout, op) {
    const { place, index, block } = find(layout, op.block);
    const { id, role, text, origins } = block;
    return [replaceAt(layout, place, index, 1), { op: "AddBlock", block: id, place, index, role, text, origins }];
  },
  Join(layout, op) {
    const one = find(layout, op.first);
    const two = find(layout, op.second);
    if (one.place !== two.place || one.index + 1 !== two.index) throw new Refusal("只能和紧挨着的一段接起来。");
    const glue = op.glue ?? "";
    if (glue !== "" && glue !== " ") throw new Refusal("接缝只能是空格，或者没有。");
    const first = one.block;
    const second = two.block;
    const joined = { ...first, text: first.text + glue + second.text, origins: union(first.origins, second.origins) };
    return [
      replaceAt(layout, one.place, one.index, 2, joined),
      {
        op: "Split", block: first.id, at: length(first.text), second: second.id, role: second.role, glue,
        origins: first.origins, second_origins: second.origins,
      },
    ];
  },
  Split(layout, op) {
    const { place, index, block } = find(layout, op.block);
    demandFree(layout, op.second);
    const at = units(block.text, op.at);
    const glue = op.glue ?? "";
    if (!(op.at > 0 && at < block.text.length)) throw new Refusal("光标在一段的开头或末尾，没有可以分开的文字。");
    if ((glue !== "" && glue !== " ") || !block.text.startsWith(glue, at)) {
      throw new Refusal("这里的文字已经不是原来的了。");
    }
    const origins = op.origins ?? block.origins;
    const secondOrigins = op.second_origins ?? block.origins;
    if (!same(union(origins, secondOrigins), block.origins)) throw new Refusal("两段的出处与原来的不符。");
    const first = { ...block, text: block.text.slice(0, at), origins };
    const second = { id: op.second, role: op.role, text: block.text.slice(at + glue.length), origins: secondOrigins };
    checkWords(first.text);
    checkWords(second.text);
    return [
      replaceAt(layout, place, index, 1, first, second), { op: "Join", first: op.block, second: op.second, glue },
    ];
  },
  Move(layout, op) {
    const { place, index, block } = find(layout, op.block);
    blocksIn(layout, op.place);
    const lifted = replaceAt(layout, place, index, 1);
    const target = settledIndex(blocksIn(lifted, op.place), op.index, op.role);
    return [
      replaceAt(lifted, op.place, target, 0, { ...block, role: op.role }),
      { op: "Move", block: op.block, place, index, role: block.role },
    ];
  },
  InsertItem(layout, op) {
    if (!ROLES[op.kind] || !same(Object.keys(op.facts).sort(), [...FACTS[op.kind]].sort())) {
      throw new Refusal("不认识的条目。");
    }
    if (layout.items.some((item) => item.key === op.key)) throw new Refusal("这一条已经在了。");
    const isNew = op.key.startsWith(NEW) && op.key.length > NEW.length;
    if (!isNew && !(layout.hollow.includes(op.key) && op.key.startsWith(`${op.kind}:`))) {
      throw new Refusal("没有这一条。");
    }
    const index = Math.min(Math.max(op.index, 0), layout.items.length);
    const made = { key: op.key, kind: op.kind, blocks: [], facts: op.facts, is_bound: false };
    const hollow = layout.hollow.filter((key) => key !== op.key);
    return [{ ...layout, items: layout.items.toSpliced(index, 0, made), hollow }, { op: "RemoveItem", key: op.key }];
  },
  RemoveItem(layout, op) {
    const item = itemOf(layout, op.key);
    if (item.is_bound) {
      throw new Refusal("这一条见过报，它的网址要一直在：可以改、可以撤稿，不能并掉、拆散或改类。");
    }
    if (item.blocks.length) throw new Refusal("这一条里还有文字：先把文字移走。");
    const index = placeOf(layout, op.key);
    const hollow = op.key.startsWith(NEW) ? layout.hollow : [...layout.hollow, op.key].sort();
    return [
      { ...layout, items: layout.items.toSpliced(index, 1), hollow },
      { op: "InsertItem", key: op.key, kind: item.kind, index, facts: item.facts },
    ];
  },
  PlaceItem(layout, op) {
    const former = placeOf(layout, op.key);
    const rest = layout.items.toSpliced(former, 1);
    const index = Math.min(Math.max(op.index, 0), rest.length);
    return [{ ...layout, items: rest.toSpliced(index, 0, layout.items[former]) }, { ...op, index: former }];
  },
  SetFact(layout, op) {
    const item = itemOf(layout, op.key);
    if (!FACTS[item.kind].includes(op.name)) throw new Refusal("这一条没有这一项。");
    if (!same(item.facts[op.name], op.old)) throw new Refusal("这一项已经不是原来的了。");
    const made = { ...item, facts: { ...item.facts, [op.name]: op.new } };
    const items = layout.items.with(layout.items.indexOf(item), made);
    return [{ ...layout, items }, { ...op, old: op.new, new: op.old }];
  },
  Settle(layout, op) {
    if (layout.findings[op.finding] !== op.old) throw new Refusal("这个疑点已经处理过了，或者不在了。");
    if (!["open", "accepted", "dismissed"].includes(op.new)) throw new Refusal("不认识的处理方式。");
    return [{ ...layout, findings: { ...layout.findings, [op.finding]: op.new } }, { ...op, old: op.new, new: op.old }];
  },
};

export const apply = (layout, op) => OPERATIONS[op.op](layout, op);

// All or none; the inverses come in the order in which they undo.
export function applyAll(layout, ops) {
  const inverses = [];
  for (const op of ops) {
    const [next, inverse] = apply(layout, op);
    layout = next;
    inverses.unshift(inverse);
  }
  return [layout, inverses];
}
