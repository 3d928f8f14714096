-- 25/KH-UBND of Hòa Bình for 2018: what only this plan asks, by line of its text.
INSERT INTO line VALUES
  ('report_on_time_ratio', 1),
  ('grassroots_conference_count_districts', 0), ('media_item_sum_columns', 0),
  ('hotspot_handled_ratio_cleared', 0), ('case_handled_count_detected', 0),
  ('case_tried_count_indicted', 0), ('client_supported_sum_identified', 0);
INSERT INTO target(id, indicator, comparator, quantity) VALUES
  ('HB18-B1', 'seller_on_file_total', NULL, NULL),
  ('HB18-B2', 'commune_with_seller_count', NULL, NULL),
  ('HB18-B3', 'establishment_listed_total', NULL, NULL),
  ('HB18-B4', 'absent_women_total', NULL, NULL),
  ('HB18-B1-stated', 'seller_on_file_total_stated', NULL, NULL),
  ('HB18-B1-change', 'seller_on_file_total_change', NULL, NULL),
  ('HB18-B2-stated', 'commune_with_seller_count_stated', NULL, NULL),
  ('HB18-B2-change', 'commune_with_seller_count_change', NULL, NULL),
  ('HB18-B3-stated', 'establishment_listed_total_stated', NULL, NULL),
  ('HB18-B3-change', 'establishment_listed_total_change', NULL, NULL),
  ('HB18-B4-stated', 'absent_women_total_stated', NULL, NULL),
  ('HB18-B4-change', 'absent_women_total_change', NULL, NULL),
  ('HB18-B2-share', 'commune_with_seller_count_share', NULL, NULL),
  ('HB18-01', 'grassroots_conference_count', 'at_least', 5),
  ('HB18-01-districts', 'grassroots_conference_count_districts', 'at_least', 5),
  ('HB18-02', 'school_conference_count', 'at_least', 2),
  ('HB18-03', 'media_item_sum', NULL, NULL),
  ('HB18-03-columns', 'media_item_sum_columns', NULL, NULL),
  ('HB18-04', 'reintegration_model_count', 'at_least', 2),
  ('HB18-05', 'healthy_commune_model_count', 'at_least', 4),
  ('HB18-08', 'inspection_visit_count', 'at_least', 100),
  ('HB18-09', 'violation_handled_ratio', NULL, NULL),
  ('HB18-09-persons', 'admin_sanction_person_sum', NULL, NULL),
  ('HB18-10', 'hotspot_handled_ratio', NULL, NULL),
  ('HB18-10-cleared', 'hotspot_handled_ratio_cleared', NULL, NULL),
  ('HB18-11', 'official_class_count', 'at_least', 2),
  ('HB18-12', 'volunteer_class_count', 'at_least', 1),
  ('HB18-13', 'supervision_round_count', 'at_least', 4),
  ('HB18-T2', 'case_handled_count', NULL, NULL),
  ('HB18-T2-detected', 'case_handled_count_detected', NULL, NULL),
  ('HB18-T2-indicted', 'case_tried_count_indicted', NULL, NULL),
  ('HB18-T2-tried', 'case_tried_count', NULL, NULL);
INSERT INTO target(id, indicator, comparator, quantity, hundredths) VALUES
  ('HB18-07', 'census_commune_coverage', 'at_least', NULL, 10000),
  ('HB18-T1', 'plan_unit_ratio', 'at_least', 11, 10000);
-- Line 75: a model of the city's, asked of the city.
INSERT INTO target(id, indicator, comparator, quantity, unit) VALUES
  ('HB18-06', 'worker_rights_model_count', 'at_least', 1, 'gso3:148');
INSERT INTO shown VALUES ('report_on_time_ratio'), ('hotspot_reactivated_count'), ('client_supported_sum'),
  ('client_supported_sum_identified'), ('outreach_attendee_sum');

-- Line 17: "59 of 210 communes", and the other figures of October 2017, which are
-- the province's alone.
INSERT INTO line VALUES ('commune_with_seller_count_share', 1);
INSERT INTO value SELECT 'commune_with_seller_count_share', unit, amount FROM value
  WHERE line = 'commune_with_seller_count';
INSERT INTO whole SELECT 'commune_with_seller_count_share', at, amount FROM communes;
CREATE TEMP TABLE IF NOT EXISTS stated(line, amount);
DELETE FROM stated;
INSERT INTO stated VALUES ('seller_on_file_total', 173), ('commune_with_seller_count', 59),
  ('establishment_listed_total', 340), ('absent_women_total', 400);
INSERT INTO line SELECT line || '_stated', 0 FROM stated;
INSERT INTO line SELECT line || '_change', 0 FROM stated;
INSERT INTO top_only SELECT line || '_stated' FROM stated;
INSERT INTO top_only SELECT line || '_change' FROM stated;
INSERT INTO value SELECT line || '_stated', 'gso3:17', amount FROM stated;
INSERT INTO value SELECT s.line || '_change', 'gso3:17', coalesce((
    SELECT SUM(v.amount) FROM value AS v WHERE v.line = s.line AND v.unit = 'gso3:17'), 0)
    - s.amount FROM stated AS s;

-- Line 41: five named districts; each counts once, in itself and above.
INSERT INTO value SELECT 'grassroots_conference_count_districts', u.unit, COUNT(*)
  FROM above AS u WHERE u.place IN ('gso3:152', 'gso3:151', 'gso3:153', 'gso3:157', 'gso3:155')
    AND EXISTS (SELECT 1 FROM communication_activity_in JOIN spot USING (event)
      WHERE form = 'conference' AND audience = 'party_cell_hamlet_heads' AND at = u.place)
  GROUP BY u.unit;

-- Line 45: columns, of all items.
INSERT INTO value SELECT 'media_item_sum_columns', at, SUM(items)
  FROM media_item_in JOIN spot USING (event) WHERE kind = 'column' GROUP BY at;

-- Line 93: hotspots eliminated in the period.
INSERT INTO value SELECT 'hotspot_handled_ratio_cleared', at, COUNT(DISTINCT hotspot_ref)
  FROM hotspot_status_in JOIN spot USING (event) WHERE state = 'cleared' GROUP BY at;

-- Line 187: cases by the stage that they reached.
INSERT INTO value SELECT CASE stage WHEN 'detected' THEN 'case_handled_count_detected'
    ELSE 'case_tried_count_indicted' END, at, COUNT(*)
  FROM case_first_in JOIN spot USING (event) WHERE stage IN ('detected', 'indicted')
  GROUP BY 1, at;

-- The title: returned victims who were received.
INSERT INTO value SELECT 'client_supported_sum_identified', at, SUM(identified)
  FROM client_flow_in JOIN spot USING (event) WHERE "group" = 'trafficking_victim' GROUP BY at;

-- Line 193: reports are due before the 15th, so on the last day of their quarter.
CREATE TEMP TABLE IF NOT EXISTS report_due(key, last);
DELETE FROM report_due;
INSERT INTO report_due VALUES (201801, '2018-03-14'), (201802, '2018-06-14'),
  (201803, '2018-09-14'), (201804, '2018-12-14');
DELETE FROM report_due WHERE EXISTS (
  SELECT 1 FROM asked WHERE last < from_day OR last > min(to_day, known_day));
INSERT INTO value SELECT 'report_on_time_ratio', above.unit, COUNT(*)
  FROM unit JOIN above ON above.place = unit.code JOIN report_due AS d
  WHERE level = 'district' AND EXISTS (SELECT 1 FROM report_submitted AS r
    WHERE r.place = unit.code AND r.period_key = d.key AND r.day <= d.last)
  GROUP BY above.unit;
INSERT INTO whole SELECT 'report_on_time_ratio', at, amount * (SELECT COUNT(*) FROM report_due)
  FROM districts;
