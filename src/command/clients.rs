//! `client` and `keys`.

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::Failure;
use super::store::{Store, pool};
use crate::auth::clients::Issued;
use crate::auth::command::{
    Founding, WantedClient, create_client, found_platform, list_clients, revoke_client, rotate_client,
};
use crate::auth::keys::{KeyRing, Urgency};
use crate::config::Database;
use crate::db::Db;
use crate::kernel::coded::Coded as _;
use crate::kernel::role::Role;
use crate::kernel::text::Line;
use crate::organisations::address::Address;
use crate::organisations::organisations::{CreateOrganisation, OrganisationKind};

/// `client …`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Makes a client and prints its secret, this once.
    Create {
        /// The organisation it speaks for.
        #[arg(long, required_unless_present = "new_organisation")]
        organisation: Option<Uuid>,
        /// Name of the organisation that operates the platform, which is entered first: the start
        /// of an install that holds nothing yet.
        #[arg(long, conflicts_with_all = ["organisation", "role", "scope"])]
        new_organisation: Option<String>,
        /// practice, school, region, funder or platform.
        #[arg(long, value_parser = parse_role, required_unless_present = "new_organisation")]
        role: Option<Role>,
        /// Name by which the organisation knows it.
        #[arg(long)]
        name: String,
        /// Scope it may get (repeat); all of the role's when absent.
        #[arg(long)]
        scope: Vec<String>,
        /// Whom the organisation means by it (four eyes).
        #[arg(long)]
        person_ref: Option<String>,
    },
    /// Lists every client.
    List,
    /// Prints a second secret; the first works on for some hours.
    Rotate {
        /// The client.
        client: Uuid,
        /// Hours for which the older secret works on; 24 when absent.
        #[arg(long)]
        overlap_hours: Option<u16>,
    },
    /// Revokes a client, for ever.
    Revoke {
        /// The client.
        client: Uuid,
    },
}

/// `keys …`
#[derive(Debug, Args)]
pub struct KeyArguments {
    #[command(subcommand)]
    action: KeyAction,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Subcommand)]
enum KeyAction {
    /// Publishes a new signing key that takes over without a single refused token.
    Rotate {
        /// A key leaked: tokens signed so far are refused at once.
        #[arg(long)]
        emergency: bool,
    },
}

fn parse_role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| "one of practice, school, region, funder, platform".to_owned())
}

fn line(text: &str) -> Result<Line<200>, Failure> {
    Line::new(text).map_err(|rule| Failure::Failed(rule.en.to_owned()))
}

/// The entry of an operator, who can complete it through the API.
fn operator(name: Line<200>) -> CreateOrganisation {
    CreateOrganisation {
        name,
        kinds: vec![OrganisationKind::SupportOrganisation],
        kvk_number: None,
        agb_code: None,
        leerbedrijf_id: None,
        education_offerer_code: None,
        visiting_address: Address::default(),
        phone: None,
    }
}

fn print(issued: &Issued) {
    println!("client_id     {}\nclient_secret {}", issued.client, issued.secret.reveal());
}

/// Runs `client …`.
pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let store = Store::open(&arguments.database)?;
    let db = Db::new(&store.app_url, pool(&arguments.database), None);
    match arguments.action {
        Action::Create { organisation: Some(organisation), role: Some(role), name, scope, person_ref, .. } => {
            let wanted = WantedClient {
                organisation: organisation.into(),
                role,
                name: line(&name)?,
                scopes: scope,
                person_ref: person_ref.as_deref().map(line).transpose()?,
            };
            print(&create_client(&db, wanted).await.map_err(Failure::of)?);
        }
        Action::Create { new_organisation, name, person_ref, .. } => {
            let founding = Founding {
                organisation: operator(line(&new_organisation.unwrap_or_default())?),
                client: line(&name)?,
                person_ref: person_ref.as_deref().map(line).transpose()?,
            };
            let founded = found_platform(&db, founding).await.map_err(Failure::of)?;
            println!("organisation  {}", founded.organisation);
            print(&founded.issued);
        }
        Action::List => {
            for client in list_clients(&db).await.map_err(Failure::of)? {
                println!("{}\t{}\t{}\t{}", client.id, client.role.code(), client.organisation.name, client.name);
            }
        }
        Action::Rotate { client, overlap_hours } => {
            let issued = rotate_client(&db, client.into(), overlap_hours).await.map_err(Failure::of)?;
            println!("client_secret {}", issued.secret.reveal());
        }
        Action::Revoke { client } => revoke_client(&db, client.into()).await.map_err(Failure::of)?,
    }
    Ok(())
}

/// Runs `keys …`.
pub(super) async fn rotate_keys(arguments: KeyArguments) -> Result<(), Failure> {
    let KeyAction::Rotate { emergency } = arguments.action;
    let store = Store::open(&arguments.database)?;
    let db = Db::new(&store.app_url, pool(&arguments.database), None);
    let ring = KeyRing::new(store.master.clone());
    ring.refresh(&db).await.map_err(Failure::of)?;
    // The processes that serve could not open a key sealed under another master key than theirs.
    if !emergency && !ring.opens_all() {
        return Err(Failure::Failed(
            "The signing keys were sealed under another MASTER_KEY: set the one that the running processes have. If it is \
             lost, give them a new one and rotate with --emergency."
                .to_owned(),
        ));
    }
    let urgency = if emergency { Urgency::Emergency } else { Urgency::Routine };
    let rotated = crate::auth::command::rotate_keys(&db, &store.master, urgency).await.map_err(Failure::of)?;
    println!("{} signs from {}; others retire at {}", rotated.kid, rotated.signs_from, rotated.others_retire_at);
    Ok(())
}
