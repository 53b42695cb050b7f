use super::Sandbox;
use crate::capsule::Change;
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::sandbox::StateMachine;
use crate::sandbox::error::SandboxError;
use crate::sandbox::stock::ListedCountry;

/// The numbers that a [`Sandbox`] has to rent, country by country.
///
/// ```
/// use ringer::Server;
/// use ringer::scenario::*;
///
/// let server = Server::builder().start()?;
/// let sandbox = server.sandbox("ci-1")?;
/// let stock = sandbox.stock().set(Country::DE, 0)?;
/// assert_eq!((stock.available, stock.listed), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SandboxStock<'a>(pub(super) &'a Sandbox);

/// The stock of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CountryStock {
    /// The country.
    pub country: Country,
    /// How many numbers can be rented.
    pub available: u32,
    /// How many numbers getNumbers claims there are.
    pub listed: u32,
    /// The price of a rental.
    pub price: Money,
}

impl CountryStock {
    fn new(machine: &StateMachine, listed: ListedCountry) -> Self {
        let ListedCountry { country, available: listed, price } = listed;
        Self { country, available: machine.stock(country).unwrap_or(0), listed, price }
    }
}

impl SandboxStock<'_> {
    /// The countries on offer, without those that are listed only when asked for by name.
    #[must_use]
    pub fn countries(&self) -> Vec<CountryStock> {
        self.0.with(|state, _| {
            let offers = state.machine.offers().filter(|(offer, _)| !offer.hidden);
            offers.map(|(_, listed)| CountryStock::new(&state.machine, listed)).collect()
        })
    }

    /// Sets how many numbers of a country can be rented.
    ///
    /// # Errors
    /// When the country is not on offer.
    pub fn set(&self, country: Country, available: u32) -> Result<CountryStock, SandboxError> {
        self.change(country, Some(available), None)
    }

    /// Sets the price of a country's numbers. Existing rentals keep theirs.
    ///
    /// # Errors
    /// When the country is not on offer.
    pub fn set_price(&self, country: Country, price: Money) -> Result<CountryStock, SandboxError> {
        self.change(country, None, Some(price))
    }

    pub(crate) fn change(
        &self,
        country: Country,
        available: Option<u32>,
        price: Option<Money>,
    ) -> Result<CountryStock, SandboxError> {
        self.0.with(|state, real| {
            state.change(Change::Stock { country, available, price }, real)?;
            let mut offers = state.machine.offers().map(|(_, listed)| listed);
            let listed = offers.find(|listed| listed.country == country);
            let stock = listed.map(|listed| CountryStock::new(&state.machine, listed));
            stock.ok_or_else(|| SandboxError::NotFound(format!("{country} is not on offer")))
        })
    }
}
