// Between the page and Gradio: what is sent, what comes back, and what is given up as lost.

const PATIENCE = 12000;

// One event at a time, each answered or given up as lost: a frame shows one value at once, so two would hide each other.
export function makeWire(props, trigger, watch, draw) {
  const open = new Map();
  let count = 0;
  let line = Promise.resolve();

  watch("value", () => {
    const answer = props.value;
    if (!answer || !answer.n) return;
    draw(answer.regions || {});
    const waits = open.get(answer.n);
    if (waits && answer.more) waits.alive();
    else if (waits) waits.settle(answer);
  });

  function dispatch(event, data) {
    count += 1;
    const n = count;
    return new Promise((resolve) => {
      let timer = null;
      const settle = (answer) => {
        clearTimeout(timer);
        open.delete(n);
        resolve(answer);
      };
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => settle({ n, refused: "lost", told: "" }), PATIENCE);
      };
      open.set(n, { settle, alive });
      alive();
      trigger(event, { ...data, n });
    });
  }

  return {
    send(event, data) {
      line = line.then(() => dispatch(event, data));
      return line;
    },
    giveUp() {
      for (const waits of [...open.values()]) waits.settle({ refused: "lost", told: "" });
    },
  };
}

export function makeId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
