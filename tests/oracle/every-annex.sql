-- What every-indicator asks for: nothing of any plan's own, and the outlets by name.
INSERT INTO asked_for VALUES ('outlet', 'newspaper'), ('outlet', 'radio_tv'),
  ('outlet', 'city_press'), ('outlet', 'dolisa_site'), ('outlet', 'subdept_site');
