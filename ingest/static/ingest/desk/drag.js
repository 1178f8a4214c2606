// Dragging by mouse or finger. The library moves elements; the layout decides, and everything is drawn from it again.

import { find } from "./core.js";

export function draggable(desk) {
  const { Sortable } = window;
  if (!Sortable) return;
  const redraw = () => {
    desk.view.drawn.clear();
    desk.view.draw();
  };
  desk.view.onPlace = (list) => {
    Sortable.create(list, {
      group: "blocks", handle: ".dk-grip", animation: 120, delay: 120, delayOnTouchOnly: true,
      onEnd: (event) => {
        const id = event.item.dataset.id;
        const place = event.to.dataset.place;
        const { place: from, index: was } = find(desk.store.layout, id);
        const index = event.newIndex;
        event.item.remove();
        desk.try(() => {
          if (place !== from || index !== was) desk.commands.drop(id, place, index);
        });
        redraw();
        desk.view.focus(id);
      },
    });
  };
  Sortable.create(document.getElementById("dk-items"), {
    handle: ".dk-grip-item", animation: 120, delay: 120, delayOnTouchOnly: true,
    onEnd: (event) => {
      desk.try(() => desk.commands.placeItemAt(event.item.dataset.key, event.newIndex));
      redraw();
    },
  });
}
