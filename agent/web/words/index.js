/* words - what the office's page says beyond the words of both programs. */
import { learn } from "../../../web/language.js";
import en from "./en.js";
import vi from "./vi.js";

learn({ vi, en });
