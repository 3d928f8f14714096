INSERT INTO asked_for VALUES
  -- Lines 32 to 35: drugs, HIV and trafficking in one plan.
  ('integrates', 'drug'), ('integrates', 'hiv'), ('integrates', 'trafficking'),
  -- Lines 40 to 42: newspaper and radio-television, each for itself.
  ('outlet', 'newspaper'), ('outlet', 'radio_tv'),
  -- Line 52: establishments are reviewed.
  ('parts_done', 'establishments');
