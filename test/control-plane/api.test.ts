import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createCertificateAuthority } from "./certificates.ts";
import { auditMark, callApi, controlPlane, eventually, readAuditLog, testNamespace } from "./fixture.ts";
