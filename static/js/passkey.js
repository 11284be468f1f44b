// What went wrong with a passkey, said beside its button. allauth's script only tells the console.
(() => {
  const said = {
    NotAllowedError: "パスキーは使われませんでした。もう一度押すか、ほかの方法を選んでください。",
    AbortError: "パスキーは使われませんでした。もう一度押すか、ほかの方法を選んでください。",
    InvalidStateError: "このパスキーは、もう加えてあります。",
    SecurityError: "このアドレスでは、パスキーを使えません。ほかの方法を選んでください。",
    NotSupportedError: "この機器では、パスキーを使えません。ほかの方法を選んでください。",
  };
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const place = document.getElementById("passkey-said");
    if (!place) return;
    const error = event.detail.exception || {};
    const unknown = window.PublicKeyCredential
      ? "うまくいきませんでした。しばらく待ってから、もう一度押してください。"
      : "このブラウザーでは、パスキーを使えません。ほかの方法を選んでください。";
    place.textContent = said[error.name] || unknown;
    place.hidden = false;
  });
})();
