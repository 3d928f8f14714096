-- 54/KH-UBND of An Biên district for 2020: what only this plan asks, by line of its text.
INSERT INTO line VALUES
  ('commune_outreach_ratio_activities', 0), ('official_class_count_trainees', 0),
  ('establishment_listed_total_karaoke', 0), ('establishment_listed_total_massage_sauna', 0),
  ('establishment_listed_total_lodging', 0), ('establishment_listed_total_restaurant_pub', 0),
  ('inspection_visit_count_places', 0), ('commune_rated_ratio_registered', 1),
  ('commune_free_count_years', 0), ('client_supported_sum_vocational_training', 0),
  ('client_supported_sum_credit_job', 0), ('team_consolidated_count_178', 0),
  ('team_consolidated_count_volunteer', 0);
INSERT INTO target(id, indicator) VALUES
  ('AB20-01', 'commune_outreach_ratio'),
  ('AB20-01-activities', 'commune_outreach_ratio_activities'),
  ('AB20-01-attendees', 'outreach_attendee_sum'), ('AB20-02', 'official_class_count'),
  ('AB20-02-trainees', 'official_class_count_trainees'), ('AB20-03', 'census_commune_coverage'),
  ('AB20-03-listed', 'establishment_listed_total'),
  ('AB20-03-karaoke', 'establishment_listed_total_karaoke'),
  ('AB20-03-massage', 'establishment_listed_total_massage_sauna'),
  ('AB20-03-lodging', 'establishment_listed_total_lodging'),
  ('AB20-03-restaurant', 'establishment_listed_total_restaurant_pub'),
  ('AB20-04', 'inspection_visit_count'), ('AB20-04-places', 'inspection_visit_count_places'),
  ('AB20-04-handled', 'violation_handled_ratio'), ('AB20-05', 'commune_rated_ratio'),
  ('AB20-05-registered', 'commune_rated_ratio_registered'),
  ('AB20-05-free', 'commune_free_ratio'), ('AB20-05-years', 'commune_free_count_years'),
  ('AB20-07', 'client_supported_sum'),
  ('AB20-07-training', 'client_supported_sum_vocational_training'),
  ('AB20-07-job', 'client_supported_sum_credit_job'),
  ('AB20-08-178', 'team_consolidated_count_178'),
  ('AB20-08-volunteer', 'team_consolidated_count_volunteer');
INSERT INTO target(id, indicator, comparator, quantity) VALUES
  ('AB20-06', 'club_model_maintained', 'at_least', 1);

-- Lines 38, 44: activities and trainees.
INSERT INTO value SELECT 'commune_outreach_ratio_activities', at, COUNT(*)
  FROM communication_activity_in JOIN spot USING (event) GROUP BY at;
INSERT INTO value SELECT 'official_class_count_trainees', at, SUM(trainees)
  FROM training_class_in JOIN spot USING (event) WHERE audience = 'officials' GROUP BY at;

-- Line 48: establishments at work, by category.
INSERT INTO value SELECT 'establishment_listed_total_' || category, at, COUNT(*)
  FROM active JOIN spot USING (event)
  WHERE category IN ('karaoke', 'massage_sauna', 'lodging', 'restaurant_pub')
  GROUP BY category, at;

-- Line 50: the district's own team.
DELETE FROM value WHERE line = 'inspection_visit_count';
INSERT INTO value SELECT 'inspection_visit_count', at, COUNT(*)
  FROM inspection_in JOIN spot USING (event)
  WHERE team_kind = 'interagency_178' AND team_level = 'district' GROUP BY at;
INSERT INTO value SELECT 'inspection_visit_count_places', at, COUNT(DISTINCT est_ref)
  FROM inspection_in JOIN spot USING (event)
  WHERE team_kind = 'interagency_178' AND team_level = 'district' GROUP BY at;

-- Lines 54, 56: communes that registered, and those free for years.
INSERT INTO value SELECT 'commune_rated_ratio_registered', at, COUNT(DISTINCT place)
  FROM commune_rating_in JOIN spot USING (event) JOIN unit ON unit.code = place
  WHERE level = 'commune' AND year = 2020 AND registered = 'yes' GROUP BY at;
INSERT INTO whole SELECT 'commune_rated_ratio_registered', at, amount FROM communes;
INSERT INTO value SELECT 'commune_free_count_years', at, COUNT(*)
  FROM rating_last JOIN spot USING (event)
  WHERE year = 2020 AND rating = 'free' AND consecutive_years >= 2 GROUP BY at;

-- Line 60: persons, by what they were supported with.
INSERT INTO value SELECT 'client_supported_sum_' || service, at, SUM(served_new)
  FROM client_flow_in JOIN spot USING (event)
  WHERE "group" IN ('at_risk_woman', 'seller') AND service IN ('vocational_training', 'credit_job')
  GROUP BY service, at;

-- Line 76: the district's team and those of volunteers.
INSERT INTO value SELECT 'team_consolidated_count_178', at, COUNT(*)
  FROM team_last JOIN spot USING (event)
  WHERE kind = 'interagency_178' AND level = 'district' AND state = 'consolidated' GROUP BY at;
INSERT INTO value SELECT 'team_consolidated_count_volunteer', at, COUNT(*)
  FROM team_last JOIN spot USING (event)
  WHERE kind = 'volunteer_social_work' AND level = 'commune' AND state = 'consolidated'
  GROUP BY at;
