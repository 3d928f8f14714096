/* periods - what a period is called, and how it is asked for. */
import { said } from "../../../web/language.js";

/* "quý 2/2018" of "quý 2/2018 (01/04/2018 - 30/06/2018)". */
export const shortLabel = ({ label }) => said(label).replace(/ \(.*\)$/, "");

/* A report by its names. */
export const named = ({ plan, regime, period, unit }) =>
  ({ plan, regime, period, unit: unit?.key });

export const keyOf = (row) => Object.values(named(row)).join(" ");
