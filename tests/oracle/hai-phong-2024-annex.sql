INSERT INTO asked_for VALUES
  -- Line 59: all programmes that the plan names.
  ('integrates', 'socio_econ'), ('integrates', 'welfare'), ('integrates', 'drug'),
  ('integrates', 'trafficking'), ('integrates', 'hiv'),
  -- Line 37: three channels, each for itself.
  ('outlet', 'city_press'), ('outlet', 'dolisa_site'), ('outlet', 'subdept_site'),
  -- Line 163: workers are reviewed; line 91: the plan is about sellers.
  ('parts_done', 'workers'), ('group', 'seller');
