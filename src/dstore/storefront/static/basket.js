// The basket's own page.

import { keepTable } from "./kept.js";
import { showBasket } from "./lines.js";

const main = document.getElementById("main");
keepTable(main);
showBasket(main, () => true);
