// An item as a page of its own.

import { setUp } from "./form.js";

setUp(document.querySelector("form[data-item]"), (form) => location.assign(form.dataset.back));
