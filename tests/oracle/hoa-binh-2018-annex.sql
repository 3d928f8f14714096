-- The plan is for two programmes at once; inspections, surveys, hotspots and
-- sanctions are told of prostitution alone.
INSERT INTO counted VALUES
  ('communication_activity', 'trafficking'), ('media_item', 'trafficking'),
  ('training_class', 'trafficking'), ('case_stage', 'trafficking'),
  ('client_flow', 'trafficking'), ('model_status', 'trafficking');
INSERT INTO asked_for VALUES
  -- Line 89: persons, establishments and returned victims are surveyed.
  ('parts_done', 'persons'), ('parts_done', 'establishments'), ('parts_done', 'victims'),
  -- Line 111: the province's own rounds.
  ('supervision_level', 'province'),
  -- The plan's title: returned victims.
  ('group', 'trafficking_victim');
-- The plan itself sets up two models; they count once an office reports more.
INSERT INTO model_status(event, day, model_ref, kind, state, place) VALUES
  (-1, '2018-02-23', '0.1', 'reintegration', 'registered', 'gso3:17'),
  (-2, '2018-02-23', '0.2', 'worker_rights', 'registered', 'gso3:148');
