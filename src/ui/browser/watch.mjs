// Watches the start from the static page: says what happened when the program does not come. The text field stays.

const boot = document.getElementById("boot");
const says = document.getElementById("boot-says");
const why = document.getElementById("stopped-why");

function stopped() {
  if (!boot?.isConnected) return;
  says.textContent = "Nothing is read";
  why.textContent =
    typeof WebAssembly === "object"
      ? "A part of it did not load: the connection may have dropped."
      : "It needs WebAssembly, which this browser does not have or does not allow.";
  document.documentElement.setAttribute("data-stopped", "");
}

// A script that does not load tells its element only; a failed WebAssembly module rejects.
addEventListener("error", stopped, { capture: true });
addEventListener("unhandledrejection", stopped);
setTimeout(() => {
  if (boot?.isConnected && !document.documentElement.hasAttribute("data-stopped")) says.textContent = "Still loading …";
}, 8000);
