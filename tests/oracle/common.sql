-- What all plans ask in the same words. Executed once, before any period.
--
-- asked(from_day, to_day, known_day)  the period, and the day of asking
-- TYPE, TYPE_in, TYPE_by              live events: all, of the period, up to its end
-- spot(event, at)                     the units in which an event counts
-- unit(code, level, parent), above(place, unit)
-- value(line, unit, amount), whole(line, unit, amount)   the answer; added up

-- Things once: when and where a case first reached a stage.
CREATE VIEW case_first AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY case_ref, stage ORDER BY day, event) AS nth
  FROM case_stage) WHERE nth = 1;
CREATE VIEW case_first_in AS SELECT case_first.* FROM case_first, asked
  WHERE day BETWEEN from_day AND to_day;
CREATE VIEW case_first_by AS SELECT case_first.* FROM case_first, asked WHERE day <= to_day;

-- Things by their last word up to the end of the period.
CREATE VIEW hotspot_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY hotspot_ref ORDER BY day DESC, event DESC) AS back
  FROM hotspot_status_by) WHERE back = 1;
CREATE VIEW model_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY model_ref ORDER BY day DESC, event DESC) AS back
  FROM model_status_by) WHERE back = 1;
CREATE VIEW establishment_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY est_ref ORDER BY day DESC, event DESC) AS back
  FROM establishment_status_by) WHERE back = 1;
CREATE VIEW commitment_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY est_ref, kind ORDER BY day DESC, event DESC) AS back
  FROM commitment_signed_by) WHERE back = 1;
CREATE VIEW census_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY place ORDER BY day DESC, event DESC) AS back
  FROM situation_census_by) WHERE back = 1;
CREATE VIEW rating_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY place, year ORDER BY day DESC, event DESC) AS back
  FROM commune_rating_by) WHERE back = 1;
CREATE VIEW team_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY place, kind, level ORDER BY day DESC, event DESC)
    AS back FROM team_status_by) WHERE back = 1;
CREATE VIEW plan_last AS SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY place, year ORDER BY day DESC, event DESC) AS back
  FROM plan_issued_by) WHERE back = 1;
-- A snapshot is replaced by the next one of the same body, place and kind.
CREATE VIEW snapshot_last AS SELECT * FROM (
  SELECT *, row_number() OVER (
    PARTITION BY measure, reporting_body, place, institution_kind, staff_level
    ORDER BY day DESC, event DESC) AS back
  FROM coverage_snapshot_by) WHERE back = 1;

-- Units to divide by.
CREATE VIEW communes AS SELECT above.unit AS at, COUNT(*) AS amount
  FROM unit JOIN above ON above.place = unit.code WHERE level = 'commune' GROUP BY above.unit;
CREATE VIEW districts AS SELECT above.unit AS at, COUNT(*) AS amount
  FROM unit JOIN above ON above.place = unit.code WHERE level = 'district' GROUP BY above.unit;

-- Months and quarters of the period that are over on the day of asking.
CREATE VIEW month_over AS WITH RECURSIVE month(first) AS (
    SELECT date(from_day, 'start of month') FROM asked
    UNION ALL SELECT date(first, '+1 month') FROM month, asked WHERE first < to_day)
  SELECT first, date(first, '+1 month', '-1 day') AS last FROM month, asked
  WHERE first >= from_day AND date(first, '+1 month', '-1 day') <= min(to_day, known_day);
CREATE VIEW quarter_over AS
  SELECT m.first, date(m.first, '+3 month', '-1 day') AS last FROM month_over AS m, asked
  WHERE CAST(substr(m.first, 6, 2) AS INT) % 3 = 1
    AND date(m.first, '+3 month', '-1 day') <= min(to_day, known_day);
