-- The plan of Hải Phòng for 2024: what only this plan asks, by line of its text.
INSERT INTO line VALUES
  ('establishment_listed_total_culture', 0), ('establishment_listed_total_tourism', 0),
  ('inspected_est_ratio_culture', 1), ('inspected_est_ratio_tourism', 1),
  ('student_informed_ratio_thpt', 1), ('media_item_sum_news', 0), ('media_item_sum_article', 0),
  ('media_item_sum_photo', 0), ('case_handled_count_detected', 0),
  ('case_tried_count_indicted', 0), ('team_consolidated_count_province', 0),
  ('team_consolidated_count_district', 0), ('team_consolidated_count_commune', 0);
INSERT INTO target(id, indicator, comparator, quantity, hundredths) VALUES
  ('HP24-01', 'commune_outreach_sustained_ratio', 'at_least', NULL, 10000),
  ('HP24-01-any', 'commune_outreach_ratio', NULL, NULL, NULL),
  ('HP24-02', 'media_month_min', 'at_least', NULL, 10000),
  ('HP24-03a', 'est_worker_informed_ratio', 'at_least', NULL, 6000),
  ('HP24-03b', 'iz_worker_informed_ratio', 'at_least', NULL, 5000),
  ('HP24-03c', 'student_informed_ratio', 'at_least', NULL, 6000),
  ('HP24-04', 'plan_unit_ratio', 'at_least', NULL, 10000),
  ('HP24-05', 'tip_processed_ratio', 'at_least', NULL, 10000),
  ('HP24-06', 'inspected_est_ratio', 'at_least', NULL, 2000),
  ('HP24-S1', 'inspected_est_ratio_culture', NULL, NULL, NULL),
  ('HP24-S2', 'inspected_est_ratio_tourism', NULL, NULL, NULL),
  ('HP24-07', 'service_access_ratio', 'at_least', NULL, 10000),
  ('HP24-08a', 'staff_trained_ratio_province', 'at_least', NULL, 7000),
  ('HP24-08b', 'staff_trained_ratio_local', 'at_least', NULL, 5000),
  ('HP24-S3', 'media_item_sum', NULL, NULL, NULL),
  ('HP24-S3-news', 'media_item_sum_news', NULL, NULL, NULL),
  ('HP24-S3-article', 'media_item_sum_article', NULL, NULL, NULL),
  ('HP24-S3-photo', 'media_item_sum_photo', NULL, NULL, NULL),
  ('HP24-S4', 'student_informed_ratio_thpt', NULL, NULL, NULL),
  ('HP24-S6-detected', 'case_handled_count_detected', NULL, NULL, NULL),
  ('HP24-S6-handled', 'case_handled_count', NULL, NULL, NULL),
  ('HP24-S6-indicted', 'case_tried_count_indicted', NULL, NULL, NULL),
  ('HP24-S6-tried', 'case_tried_count', NULL, NULL, NULL);
INSERT INTO shown VALUES ('team_consolidated_count_province'),
  ('team_consolidated_count_district'), ('team_consolidated_count_commune'),
  ('inspection_visit_count'), ('violation_handled_ratio'), ('admin_sanction_person_sum'),
  ('client_supported_sum'), ('mobile_trial_count'), ('census_commune_coverage'),
  ('establishment_listed_total'), ('establishment_listed_total_culture'),
  ('establishment_listed_total_tourism'), ('official_class_count'), ('outreach_attendee_sum');

-- Line 59: a plan that integrates all of them, and activities in the district.
DELETE FROM value WHERE line = 'plan_unit_ratio' AND unit IN (
  SELECT code FROM unit WHERE level IN ('district', 'province'));
INSERT INTO value SELECT 'plan_unit_ratio', above.unit, COUNT(*)
  FROM unit JOIN above ON above.place = unit.code WHERE level = 'district'
    AND unit.code IN (SELECT place FROM plan_issued_in AS p, plan WHERE p.year = plan.year
      AND 5 = (SELECT COUNT(*) FROM member JOIN asked_for USING (item)
        WHERE member.event = p.event AND topic = 'integrates'))
    AND unit.code IN (SELECT at FROM communication_activity_in JOIN spot USING (event))
  GROUP BY above.unit;

-- Lines 181, 187: the sector is that of the establishment's last word.
INSERT INTO value SELECT 'inspected_est_ratio_' || managing_sector, at, COUNT(*)
  FROM active JOIN spot USING (event) WHERE managing_sector IN ('culture', 'tourism')
    AND est_ref IN (SELECT est_ref FROM inspection_in WHERE mode IN ('planned', 'unannounced'))
  GROUP BY managing_sector, at;
INSERT INTO whole SELECT 'inspected_est_ratio_' || managing_sector, at, COUNT(*)
  FROM active JOIN spot USING (event) WHERE managing_sector IN ('culture', 'tourism')
  GROUP BY managing_sector, at;

-- Line 211: pupils of upper-secondary schools alone.
INSERT INTO value SELECT 'student_informed_ratio_thpt', at, SUM(reached)
  FROM snapshot_last JOIN spot USING (event)
  WHERE measure = 'students_informed' AND institution_kind = 'thpt' GROUP BY at;
INSERT INTO whole SELECT 'student_informed_ratio_thpt', at, SUM(base_count)
  FROM snapshot_last JOIN spot USING (event)
  WHERE measure = 'students_informed' AND institution_kind = 'thpt' GROUP BY at;

INSERT INTO value SELECT 'establishment_listed_total_' || managing_sector, at, COUNT(*)
  FROM active JOIN spot USING (event) WHERE managing_sector IN ('culture', 'tourism')
  GROUP BY managing_sector, at;

-- Line 201: news, articles and photos of the city's press, and nothing else.
DELETE FROM value WHERE line = 'media_item_sum';
INSERT INTO value SELECT 'media_item_sum', at, SUM(items) FROM media_item_in
  JOIN spot USING (event)
  WHERE outlet = 'city_press' AND kind IN ('news', 'article', 'photo') GROUP BY at;
INSERT INTO value SELECT 'media_item_sum_' || kind, at, SUM(items) FROM media_item_in
  JOIN spot USING (event)
  WHERE outlet = 'city_press' AND kind IN ('news', 'article', 'photo') GROUP BY kind, at;

-- Line 261: cases by the stage that they reached.
INSERT INTO value SELECT CASE stage WHEN 'detected' THEN 'case_handled_count_detected'
    ELSE 'case_tried_count_indicted' END, at, COUNT(*)
  FROM case_first_in JOIN spot USING (event) WHERE stage IN ('detected', 'indicted')
  GROUP BY 1, at;

-- Lines 81, 245: teams 178 of each level.
INSERT INTO value SELECT 'team_consolidated_count_' || level, at, COUNT(*)
  FROM team_last JOIN spot USING (event)
  WHERE kind = 'interagency_178' AND state = 'consolidated' GROUP BY level, at;
