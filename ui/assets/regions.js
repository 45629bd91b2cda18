// Draws the HTML of regions into the page. Keeps the focus, half-written forms and the reader's place in the conversation.

const NEAR_END_PX = 120;

export function makeRegions(root, Idiomorph) {
  const log = root.querySelector(".log");
  const morphing = {
    morphStyle: "innerHTML",
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (old) => !isHalfWritten(old),
      beforeNodeRemoved: (old) => !isHalfWritten(old),
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.tagName === "DETAILS") && !(name === "tabindex" && node === document.activeElement),
    },
  };

  // `regions` maps names of regions to their HTML; a name that this page does not have is ignored.
  function draw(regions) {
    const atEnd = log && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    const before = log ? log.childElementCount : 0;
    const partial = log && log.querySelector(".partial-answer:not(:empty)");
    const top = partial && partial.getBoundingClientRect().top;
    for (const [name, html] of Object.entries(regions)) {
      const region = root.querySelector(`[data-region="${name}"]`);
      if (!region || region.drawn === html) continue;
      region.latest = html;
      paint(region);
    }
    if (log && scrollsToEnd(regions, partial, log.childElementCount !== before, atEnd)) log.scrollTop = log.scrollHeight;
    else if (partial && partial.isConnected) keepInPlace(partial, top);
  }

  // While an answer streams, its end stays in view. When it is complete, the text being read keeps its place.
  function scrollsToEnd(regions, partial, isLonger, atEnd) {
    if (regions.partial_answer !== undefined) return atEnd;
    return !partial && isLonger && (atEnd || !root.classList.contains("ready"));
  }

  function keepInPlace(element, top) {
    const scroller = getComputedStyle(log).overflowY === "visible" ? document.scrollingElement : log;
    scroller.scrollTop += element.getBoundingClientRect().top - top;
  }

  // Draws the latest HTML of a region. A field with the focus keeps its value; every other focused element is updated.
  function paint(region) {
    const ancestors = ancestorsWithin(region, document.activeElement);
    const isWriting = Boolean(document.activeElement?.matches("input, textarea, select"));
    Idiomorph.morph(region, region.latest, { ...morphing, ignoreActiveValue: isWriting });
    if (ancestors.length) restoreFocus(ancestors);
    region.drawn = region.querySelector("form[data-dirty]") ? undefined : region.latest;
  }

  // When the focused control is gone, focuses the nearest container left, where a second Enter does nothing.
  function restoreFocus(ancestors) {
    if (document.activeElement !== document.body) return;
    const candidates = [...ancestors, root.querySelector("#next"), root.querySelector("#main")];
    const target = candidates.find((element) => element && element.isConnected && element.offsetHeight);
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (target.matches(":focus-visible")) target.scrollIntoView({ block: "nearest" });
  }

  return { draw, paint };
}

function isHalfWritten(node) {
  return node instanceof Element && (node.closest("form[data-dirty]") || node.matches(":has(form[data-dirty])"));
}

// The parents of the focused element up to the region itself, nearest first; empty if the focus is elsewhere.
function ancestorsWithin(region, focused) {
  const found = [];
  for (let at = region.contains(focused) && focused; at && at !== region; at = at.parentElement) found.push(at.parentElement);
  return found;
}
