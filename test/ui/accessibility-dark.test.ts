import { axeOnPages } from "./axe-on-pages.ts";

axeOnPages("dark");
