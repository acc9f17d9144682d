//! Networks in CIDR form.

use std::net::IpAddr;
use std::str::FromStr;

/// A network such as `10.0.0.0/8` or `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether the address lies in it. An IPv4 address written as IPv6 counts as IPv4.
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.address, ip.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => {
                let shift = 32 - u32::from(self.prefix);
                network.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(network), IpAddr::V6(ip)) => {
                let shift = 128 - u32::from(self.prefix);
                network.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    /// # Errors
    /// Says what is wrong: no address, no such prefix, an address that lies inside of the network, or everybody.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| format!("names {text:?}, which is not an IP address"))?;
        let longest: u8 = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => longest,
            Some(prefix) => prefix
                .parse()
                .ok()
                .filter(|prefix| *prefix <= longest)
                .ok_or_else(|| format!("names {text:?}, whose prefix is not 1 to {longest}"))?,
        };
        if prefix == 0 {
            return Err(format!("names {text:?}, which is everybody: then everybody could claim any address"));
        }
        let network = Self { address, prefix };
        let first = network.first();
        if first == address { Ok(network) } else { Err(format!("names {text:?}; the network is {first}/{prefix}")) }
    }
}

impl Network {
    fn first(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(ip) => {
                let shift = 32 - u32::from(self.prefix);
                let bits = ip.to_bits().checked_shr(shift).and_then(|bits| bits.checked_shl(shift));
                IpAddr::V4(bits.unwrap_or_default().into())
            }
            IpAddr::V6(ip) => {
                let shift = 128 - u32::from(self.prefix);
                let bits = ip.to_bits().checked_shr(shift).and_then(|bits| bits.checked_shl(shift));
                IpAddr::V6(bits.unwrap_or_default().into())
            }
        }
    }
}
