//! Money and shares on their way to the database and back.

use diesel::sql_types::{BigInt, Integer, Nullable, Numeric};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use stagepunt::kernel::money::{BasisPoints, Cents, Total};

use crate::support::Cluster;

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = BigInt)]
    amount: Cents,
    #[diesel(sql_type = Nullable<BigInt>)]
    unknown: Option<Cents>,
    #[diesel(sql_type = Integer)]
    share: BasisPoints,
}

#[derive(QueryableByName)]
struct Summed {
    #[diesel(sql_type = Nullable<Numeric>)]
    total: Option<Total>,
}

#[test]
fn money_keeps_its_value_and_its_sum_in_the_database() {
    let database = Cluster::shared().database();
    let mut conn = database.owner();
    for number in [0, 1, 2_450_000, Cents::MAX] {
        let (amount, share) = (Cents::new(number).unwrap(), BasisPoints::new(5_000).unwrap());
        let kept: Kept = sql_query("SELECT $1 AS amount, $2 AS unknown, $3 AS share")
            .bind::<BigInt, _>(amount)
            .bind::<Nullable<BigInt>, _>(None::<Cents>)
            .bind::<Integer, _>(share)
            .get_result(&mut conn)
            .unwrap();
        assert_eq!((kept.amount, kept.unknown, kept.share), (amount, None, share));
    }

    let mut sum = |amounts: &str| {
        let summed = format!("SELECT sum(cents) AS total FROM (VALUES {amounts}) AS amounts (cents)");
        sql_query(summed).get_result::<Summed>(&mut conn)
    };
    let stated = sum("(2500000::bigint), (2450000), (2500000), (1132500), (NULL)").unwrap().total.unwrap();
    assert_eq!(stated.amount(), Cents::new(8_582_500), "what is unknown is not nothing, and adds nothing");
    let most = format!("({}::bigint)", Cents::MAX);
    assert_eq!(sum(&most).unwrap().total.unwrap().amount(), Cents::new(Cents::MAX));
    assert!(sum(&format!("{most}, (1)")).unwrap().total.unwrap().amount().is_err());
    let beyond = format!("({0}::bigint), ({0})", i64::MAX);
    let beyond = sum(&beyond).unwrap().total.unwrap();
    assert!(beyond > stated && beyond.amount().is_err(), "more than a bigint holds is read and is no amount");
    assert_eq!(sum("(0::bigint), (10000)").unwrap().total.unwrap().amount(), Cents::new(10_000));
    assert!(sum("(NULL::bigint)").unwrap().total.is_none(), "of nothing known there is no sum");
    assert!(sum("(-1::bigint)").is_err() && sum("(0.5)").is_err());
}
