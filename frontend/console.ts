// Every console page: styles, htmx and the small behaviours that need a script.
import "@tabler/core/dist/css/tabler.min.css";
import "./console.css";
import "./pages.css";
import "./clauses.css";
import "./roster.css";
import "@tabler/core";
import { startForms } from "./behaviours/forms";
import { startHtmx } from "./behaviours/htmx";
import { startMonth } from "./behaviours/month";
import { startRows } from "./behaviours/rows";

startHtmx();
startForms();
startMonth();
startRows();
