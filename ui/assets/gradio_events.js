// Sends events through Gradio's component and matches each answer to its event by a running number.

const TIMEOUT_MS = 12000;

// One event at a time: the component holds one value, so two answers at once would overwrite each other. An event without an
// answer, or without a further part of it, for TIMEOUT_MS is settled as refused with "lost".
export function makeGradioEvents(props, trigger, watch, draw) {
  const open = new Map();
  let count = 0;
  let last = Promise.resolve();

  watch("value", () => {
    const answer = props.value;
    if (!answer || !answer.n) return;
    draw(answer.regions || {});
    const event = open.get(answer.n);
    if (event && answer.more) event.restartTimer();
    else if (event) event.settle(answer);
  });

  function dispatch(name, data) {
    count += 1;
    const n = count;
    return new Promise((resolve) => {
      let timer = null;
      const settle = (answer) => {
        clearTimeout(timer);
        open.delete(n);
        resolve(answer);
      };
      const restartTimer = () => {
        clearTimeout(timer);
        timer = setTimeout(() => settle({ n, refused: "lost", message: "" }), TIMEOUT_MS);
      };
      open.set(n, { settle, restartTimer });
      restartTimer();
      trigger(name, { ...data, n });
    });
  }

  return {
    send(name, data) {
      last = last.then(() => dispatch(name, data));
      return last;
    },
    giveUp() {
      for (const event of [...open.values()]) event.settle({ refused: "lost", message: "" });
    },
  };
}

export function makeId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
