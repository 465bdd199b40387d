import { setNonce } from "get-nonce";

/** The nonce with which styles that are written while the page runs are let in (CSP Level 3, section 6.7.3). */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

setNonce(nonce);
