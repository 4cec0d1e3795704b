/** What the addresses of the lab's network begin with. */
export const subnetPrefix = "172.30.77.";

/** The lab's network. The machines of tests get addresses from its upper half. */
export const subnet = `${subnetPrefix}0/24`;
