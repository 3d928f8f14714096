-- Annex 2: hotspots eliminated and handed over before the year, with the
-- communes that they lie in. Annex 1 names models that begin to count only
-- when an office reports them.
CREATE TABLE annex(hotspot, place);
INSERT INTO annex VALUES
  ('0.3', 'gso3:00025'), ('0.4', 'gso3:00007'), ('0.5', 'gso3:00007'),
  ('0.6', 'gso3:00358'), ('0.7', 'gso3:00112'), ('0.7', 'gso3:00016'),
  ('0.8', 'gso3:00169'), ('0.9', 'gso3:00169');
INSERT INTO hotspot_status(event, day, hotspot_ref, state, place_kind)
  SELECT DISTINCT -1 * substr(hotspot, 3), '2016-12-31', hotspot, 'cleared',
    'public_place' FROM annex;
-- Line 10: the two hotspots in establishments that are to be eliminated.
INSERT INTO annex VALUES ('0.1', 'gso3:00340'), ('0.1', 'gso3:00322'),
  ('0.1', 'gso3:00310'), ('0.2', 'gso3:00067');
INSERT INTO hotspot_status(event, day, hotspot_ref, state, place_kind) VALUES
  (-1, '2018-01-01', '0.1', 'confirmed', 'in_establishment'),
  (-2, '2018-01-01', '0.2', 'confirmed', 'in_establishment');
INSERT INTO spot SELECT DISTINCT -1 * substr(hotspot, 3), above.unit
  FROM annex JOIN above ON above.place = annex.place;

INSERT INTO asked_for VALUES
  ('group', 'seller'),
  -- Line 10 names two hotspots in establishments.
  ('named_hotspot', '0.1'), ('named_hotspot', '0.2'),
  -- Line 11 speaks of public places, and of those in annex 2.
  ('place_kind', 'public_place'), ('kept_hotspot', '0.3'), ('kept_hotspot', '0.4'),
  ('kept_hotspot', '0.5'), ('kept_hotspot', '0.6'), ('kept_hotspot', '0.7'),
  ('kept_hotspot', '0.8'), ('kept_hotspot', '0.9');
