INSERT INTO asked_for VALUES
  -- Line 48: establishments are reviewed; line 60: women at risk and sellers.
  ('parts_done', 'establishments'), ('group', 'at_risk_woman'), ('group', 'seller');
-- Line 66: the club in Hưng Yên; it counts once an office reports that it is kept.
INSERT INTO model_status(event, day, model_ref, kind, state, place) VALUES
  (-1, '2020-01-01', '0.1', 'community_club', 'registered', 'gso3:30997');
