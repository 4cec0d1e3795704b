import { render } from "preact";
import { imageHost } from "./registry/image-host.ts";
import { App } from "./view/app.tsx";

const root = document.getElementById("app");
if (root !== null) render(<App host={await imageHost(document.baseURI)} />, root);
