import { render } from "preact";
import { imageHost } from "./registry/image-host.ts";
import { App } from "./view/app.tsx";

const place = document.getElementById("app");
if (place !== null) render(<App host={await imageHost(document.baseURI)} />, place);
