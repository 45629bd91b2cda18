// The one line on top of a page that tells what went wrong, with a link to sign in where that helps.

const needsSignIn = (answer) => answer.refused === "signed_out" || answer.refused === "other_person";

export function makeAlert(root) {
  const alert = root.querySelector("#alert");
  let asksToSignIn = false;

  function show(sentence, signIn = false) {
    asksToSignIn = signIn;
    if (sentence && !alert.hidden && alert.dataset.sentence === sentence) return;
    alert.dataset.sentence = sentence || "";
    alert.hidden = !sentence;
    alert.textContent = sentence || "";
    if (sentence && signIn) alert.append(" ", signInLink());
    if (sentence) alert.scrollIntoView({ block: "nearest" });
  }

  function signInLink() {
    const link = document.createElement("a");
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = root.dataset.signIn;
    return link;
  }

  return {
    show,
    needsSignIn,
    clear: () => show(""),
    showRefusal: (answer) => show(answer.message, needsSignIn(answer)),
    get asksToSignIn() {
      return asksToSignIn;
    },
  };
}
