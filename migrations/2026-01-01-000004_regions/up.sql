-- The taxonomy: a tree (parent_id), memberships beside it (an editorial "North Asia" has Japan as a member),
-- and the closure of both, which answers "everything under" in one index range.
CREATE TABLE regions (
    id          uuid PRIMARY KEY,
    slug        text NOT NULL,
    name        text NOT NULL,
    -- The name folded for comparison and order.
    name_key    text NOT NULL,
    kind        text NOT NULL CONSTRAINT regions_kind_known
                CHECK (kind IN ('world', 'region', 'subregion', 'country', 'grouping', 'editorial')),
    parent_id   uuid CONSTRAINT regions_parent_fkey REFERENCES regions (id),
    -- Order among those that have the same parent, from 0.
    position    integer NOT NULL DEFAULT 0,
    -- [{"language", "name"}, ...]
    names       jsonb NOT NULL DEFAULT '[]',
    -- All its names folded, one a line: what is looked for in them.
    names_key   text NOT NULL DEFAULT '',
    description text,
    iso2        text CONSTRAINT regions_iso2_shape CHECK (iso2 ~ '^[A-Z]{2}$'),
    iso3        text CONSTRAINT regions_iso3_shape CHECK (iso3 ~ '^[A-Z]{3}$'),
    m49         text CONSTRAINT regions_m49_shape CHECK (m49 ~ '^[0-9]{3}$'),
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT regions_not_own_parent CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX regions_slug_key ON regions (slug);
CREATE UNIQUE INDEX regions_iso2_key ON regions (iso2) WHERE iso2 IS NOT NULL;
CREATE UNIQUE INDEX regions_iso3_key ON regions (iso3) WHERE iso3 IS NOT NULL;
CREATE UNIQUE INDEX regions_m49_key ON regions (m49) WHERE m49 IS NOT NULL;
CREATE INDEX regions_by_name ON regions (name_key, id);
CREATE INDEX regions_siblings ON regions (parent_id, position, id);

CREATE TABLE region_members (
    region_id uuid NOT NULL CONSTRAINT region_members_region_fkey REFERENCES regions (id) ON DELETE CASCADE,
    member_id uuid NOT NULL CONSTRAINT region_members_member_fkey REFERENCES regions (id) ON DELETE CASCADE,
    position  integer NOT NULL DEFAULT 0,
    PRIMARY KEY (region_id, member_id),
    CONSTRAINT region_members_not_itself CHECK (region_id <> member_id)
);
CREATE INDEX region_members_by_member ON region_members (member_id);

-- depth 0 is the region itself; the shortest way wins where tree and membership both lead there.
CREATE TABLE region_tree (
    ancestor_id   uuid NOT NULL CONSTRAINT region_tree_ancestor_fkey REFERENCES regions (id) ON DELETE CASCADE,
    descendant_id uuid NOT NULL CONSTRAINT region_tree_descendant_fkey REFERENCES regions (id) ON DELETE CASCADE,
    depth         integer NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX region_tree_upwards ON region_tree (descendant_id, depth);
