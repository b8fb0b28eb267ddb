"""The large data set of the speed bench, made by SQL: what is counted out has ids that are counted out.

It holds neither names nor steps of lifecycles, which nothing that is measured reads.
"""

import concurrent.futures
import datetime
import uuid

REGIONS, SCHOOLS, PERIODS = 40, 60, 10
CURRENT, COMING = 8, 9  # Of the periods, numbered from 0, each of half a year.
DAYS = 1000  # On which students were entered, as their ids tell.
REGION, BUREAU, SCHOOL, PRACTICE, PROGRAMME, STUDENT, PATH, OFFER, PLACEMENT, MEMBERSHIP, SEATS = range(1, 12)
DOCTORS_ASSISTANT = "01980000-0000-7000-8000-000000025473"
TABLES = (
    "organisations, regions, memberships, programmes, students, learning_path_periods, placement_offers,"
    " placement_offer_seats, placements, disclosures"
)

# Neither triggers nor foreign keys are minded: what would follow from them is made here.
QUICKLY = """
    SET session_replication_role = replica;
    SET synchronous_commit = off;
    -- A UUID version 7 of a day, a kind of thing and its number.
    CREATE FUNCTION pg_temp.id(kind integer, number bigint, day integer DEFAULT 0) RETURNS uuid
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN (lpad(to_hex((17000 + day)::bigint * 86400000), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
            || '8' || lpad(to_hex(number), 15, '0'))::uuid;
    -- An even spread of numbers below `top`.
    CREATE FUNCTION pg_temp.spread(number bigint, seed bigint, top bigint) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN (hashint8extended(number, seed) & 1073741823) % top;
"""

FIELD = """
    INSERT INTO organisations (id, name, kinds)
    SELECT pg_temp.id({BUREAU}, n), 'Bureau ' || n, ARRAY['support-organisation'] FROM generate_series(0, {REGIONS} - 1) n
    UNION ALL
    SELECT pg_temp.id({SCHOOL}, n), 'School ' || n, ARRAY['school'] FROM generate_series(0, {SCHOOLS} - 1) n
    UNION ALL
    SELECT pg_temp.id({PRACTICE}, n), 'Praktijk ' || n, ARRAY['practice'] FROM generate_series(0, {practices} - 1) n;

    INSERT INTO regions (id, code, name, bureau_organisation_id)
    SELECT pg_temp.id({REGION}, n), 'bench-' || n, 'Regio ' || n, pg_temp.id({BUREAU}, n)
    FROM generate_series(0, {REGIONS} - 1) n;

    -- A school is a member of two regions, a practice of one.
    INSERT INTO memberships (row_id, id, version, region_id, organisation_id, host_kind, effective_from)
    SELECT pg_temp.id({MEMBERSHIP}, number), pg_temp.id({MEMBERSHIP}, number), 1, pg_temp.id({REGION}, region),
        organisation, kind, date '{today}' - 3000
    FROM (
        SELECT n AS number, n % {REGIONS} AS region, pg_temp.id({PRACTICE}, n) AS organisation, 'practice' AS kind
        FROM generate_series(0, {practices} - 1) n
        UNION ALL
        SELECT {practices} + 2 * n + side, (n + 20 * side) % {REGIONS}, pg_temp.id({SCHOOL}, n), NULL
        FROM generate_series(0, {SCHOOLS} - 1) n, generate_series(0, 1) side
    ) AS member;

    INSERT INTO programmes (id, school_id, code, name, qualification_id, learning_paths, study_years)
    SELECT pg_temp.id({PROGRAMME}, n), pg_temp.id({SCHOOL}, n), 'DA', 'Doktersassistent', '{DOCTORS_ASSISTANT}',
        '{{bol,bbl}}', 3
    FROM generate_series(0, {SCHOOLS} - 1) n;

    INSERT INTO placement_offers (id, practice_id, region_id, qualification_id, learning_paths, starts_on, ends_on,
        seats, days, hours_per_week, setting, status)
    SELECT pg_temp.id({OFFER}, period * {practices} + n), pg_temp.id({PRACTICE}, n),
        pg_temp.id({REGION}, n % {REGIONS}), '{DOCTORS_ASSISTANT}', '{{bol,bbl}}',
        date '{today}' - 100 + (period - {CURRENT}) * 182, date '{today}' + 81 + (period - {CURRENT}) * 182,
        1000, '{{monday,tuesday,thursday}}', 24, 'day-practice',
        CASE WHEN period < {CURRENT} THEN 'closed' ELSE 'published' END
    FROM generate_series(0, {PERIODS} - 1) period, generate_series(0, {practices} - 1) n;

    INSERT INTO placement_offer_seats (id, offer_id, seats)
    SELECT pg_temp.id({SEATS}, n), pg_temp.id({OFFER}, n), 1000 FROM generate_series(0, {PERIODS} * {practices} - 1) n;
"""

STUDENTS = """
    INSERT INTO students (id, school_id, sourced_id, programme_id, study_year)
    SELECT pg_temp.id({STUDENT}, n, (n % {DAYS})::integer), pg_temp.id({SCHOOL}, n % {SCHOOLS}), 'bench-' || n,
        pg_temp.id({PROGRAMME}, n % {SCHOOLS}), 1 + n % 3
    FROM generate_series({first}, {end} - 1) n;

    INSERT INTO learning_path_periods (row_id, id, version, student_id, school_id, learning_path, effective_from)
    SELECT pg_temp.id({PATH}, n), pg_temp.id({PATH}, n), 1, pg_temp.id({STUDENT}, n, (n % {DAYS})::integer),
        pg_temp.id({SCHOOL}, n % {SCHOOLS}), 'bol', date '{today}' - 2000
    FROM generate_series({first}, {end} - 1) n;
"""

# Every student has one placement and every other one a second in the period beside it; those of
# the past have ended, those to come stand where they may. They lie in the order of their entry.
PLACEMENTS = """
    CREATE TEMPORARY TABLE newcomers AS
    SELECT number, student, school, practice, period, starts, starts - 150 + (number % 60)::integer AS entered, CASE
            WHEN period < {CURRENT} THEN CASE
                WHEN luck < 8 THEN 'cancelled' WHEN luck < 16 THEN 'ended-early' ELSE 'completed' END
            WHEN period = {CURRENT} THEN CASE
                WHEN luck < 8 THEN 'cancelled' WHEN luck < 14 THEN 'ended-early'
                WHEN luck < 18 THEN 'interrupted' ELSE 'active' END
            WHEN luck < 40 THEN 'proposed' WHEN luck < 58 THEN 'reserved' WHEN luck < 64 THEN 'introduced'
            WHEN luck < 100 THEN 'confirmed' WHEN luck < 112 THEN 'agreement-pending' WHEN luck < 122 THEN 'ready'
            ELSE 'cancelled' END AS status
    FROM (
        SELECT 2 * n + again AS number, n AS student, n % {SCHOOLS} AS school,
            (n % {SCHOOLS} + 20 * pg_temp.spread(n, 1, 2)) % {REGIONS}
                + {REGIONS} * pg_temp.spread(n, 2, {practices} / {REGIONS}) AS practice,
            pg_temp.spread(2 * n + again, 4, 128) AS luck, period,
            date '{today}' - 100 + (period - {CURRENT}) * 182 AS starts
        FROM generate_series({first}::bigint, {end} - 1) n,
            generate_series(0, pg_temp.spread(n, 3, 2)::integer) again,
            LATERAL (SELECT (pg_temp.spread(n, 5, {PERIODS})::integer + again) % {PERIODS} AS period) AS half
    ) AS placed;

    INSERT INTO placements (id, region_id, school_id, practice_id, student_id, offer_id, programme_id,
        qualification_id, learning_path, school_supervisor, starts_on, ends_on, hours_per_week, total_hours, status,
        expires_on, ended_on, end_reason, created_at)
    SELECT pg_temp.id({PLACEMENT}, number, entered - date '{today}'), pg_temp.id({REGION}, practice % {REGIONS}),
        pg_temp.id({SCHOOL}, school), pg_temp.id({PRACTICE}, practice), pg_temp.id({STUDENT}, student, (student % {DAYS})::integer),
        pg_temp.id({OFFER}, period * {practices} + practice), pg_temp.id({PROGRAMME}, school), '{DOCTORS_ASSISTANT}',
        'bol', 'Stagebureau zorg', starts, starts + 181, 24, 480, status,
        CASE WHEN status IN ('reserved', 'introduced') THEN date '{today}' + 14 END,
        CASE status WHEN 'completed' THEN starts + 181 WHEN 'ended-early' THEN starts + 60
            WHEN 'cancelled' THEN entered + 5 END,
        CASE status WHEN 'ended-early' THEN 'student-stopped' WHEN 'cancelled' THEN 'left-programme' END,
        entered
    FROM newcomers ORDER BY 1;

    INSERT INTO disclosures (placement_id, region_id, school_id, practice_id, student_id, disclosed_on, disclosed_until)
    SELECT pg_temp.id({PLACEMENT}, number, entered - date '{today}'), pg_temp.id({REGION}, practice % {REGIONS}),
        pg_temp.id({SCHOOL}, school), pg_temp.id({PRACTICE}, practice), pg_temp.id({STUDENT}, student, (student % {DAYS})::integer), entered + 3,
        CASE status WHEN 'ended-early' THEN starts + 90 ELSE starts + 211 END
    FROM newcomers WHERE status NOT IN ('proposed', 'reserved', 'cancelled') ORDER BY 1;

    UPDATE placement_offers SET seats_taken = held.seats
    FROM (SELECT offer_id, count(*) AS seats FROM placements WHERE holds_seat(status) GROUP BY 1) AS held
    WHERE id = held.offer_id;
"""


class Large:
    """So many students, 1.5 times as many placements, a practice for every 200 students."""

    def __init__(self, service, students):
        self.service, self.students, self.loaded = service, students, 0
        self.practices = REGIONS * max(1, students // (200 * REGIONS))
        self.today = datetime.date.today()

    def lay_out(self):
        """Loads regions, schools, practices and their offers: all but students and placements."""
        self._load(FIELD)
        self.service.psql(f"VACUUM (ANALYZE) {TABLES};")

    def grow(self, students):
        """Loads up to so many students, and their placements."""
        # The exclusion constraints take most of the time: one core each.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda part: self._load(part, students), [STUDENTS, PLACEMENTS]))
        self.service.psql(f"VACUUM (ANALYZE) {TABLES}; CHECKPOINT;")
        self.loaded = students

    def _load(self, part, end=0):
        names = {name: value for name, value in globals().items() if name.isupper()}
        names |= {"practices": self.practices, "today": self.today, "first": self.loaded, "end": end}
        self.service.psql(QUICKLY + part.format(**names))

    def id(self, kind, number, day=0):
        return str(uuid.UUID(int=(17000 + day) * 86400000 << 80 | 0x7000 + kind << 64 | 0x8 << 60 | number))

    def candidates(self, number):
        """Students of school 0, and the offers of its region for the coming period with their practices."""
        students = [self.id(STUDENT, n, n % DAYS) for n in range(0, SCHOOLS * number, SCHOOLS)]
        hosts = range(0, self.practices, REGIONS)[:number]
        offers = [(self.id(OFFER, COMING * self.practices + n), self.id(PRACTICE, n)) for n in hosts]
        return students, offers

    def told(self):
        names = ("organisations", "students", "placement_offers", "placements")
        counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)
        numbers = self.service.psql(f"SELECT {counts}, pg_size_pretty(pg_database_size('stagepunt'))").strip().split("|")
        return ", ".join(f"{number} {name}" for number, name in zip(numbers, [*names, "of files"]))
