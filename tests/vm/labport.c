// SPDX-License-Identifier: GPL-2.0
/*
 * Front-panel ports without hardware, for tests: what a driver tells the kernel of them is kept here, and everything above
 * the driver is the kernel's own.  Each port is a netdev swpN with lanes, FEC and its counters, DCB and pause settings, a
 * module of 33 KB of memory behind "ethtool -m", and a devlink port that can be split.  Ports 1 and 2 are joined by a
 * wire, 3 and 4 too, and so on, as long as they are whole.
 *
 * /sys/kernel/debug/labport/swpN has eeprom (lower memory, then pages of 128 bytes), fec_corrected, fec_uncorrectable.
 */
#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <net/dcbnl.h>
#include <net/devlink.h>

#define PAGE_BYTES 128
#define MEMORY_BYTES (PAGE_BYTES + 256 * PAGE_BYTES)
#define CAGE_LANES 8
#define CAGE_MBPS 800000

static int ports = 4;
module_param(ports, int, 0444);

struct labport {
	struct net_device *dev;
	struct devlink_port devlink;
	struct labport *next;
	int cage, child; /* child is -1 of a whole cage */
	u8 lanes;
	u8 *memory;
	struct ethtool_fecparam fec;
	u64 corrected, uncorrectable;
	struct ieee_ets ets;
	struct ieee_pfc pfc;
	struct dcbnl_buffer buffer;
	u8 dcbx;
	u32 rx_pause, tx_pause;
	struct dentry *dir;
};

static struct platform_device *parent;
static struct devlink *devlink;
static struct dentry *root;
static struct labport *head;
static int devlink_index;

static struct labport *port_of(struct net_device *dev)
{
	return *(struct labport **)netdev_priv(dev);
}

/* --- the wire ------------------------------------------------------------------------------------------------------ */

static struct labport *peer_of(struct labport *port)
{
	int cage = port->cage % 2 ? port->cage + 1 : port->cage - 1;
	struct labport *other;

	for (other = head; other && port->child < 0; other = other->next)
		if (other->cage == cage && other->child < 0)
			return other;
	return NULL;
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct labport *peer = peer_of(port_of(dev));
	unsigned int len = skb->len;

	if (peer && netif_running(peer->dev) && dev_forward_skb(peer->dev, skb) == NET_RX_SUCCESS) {
		dev->stats.tx_packets++;
		dev->stats.tx_bytes += len;
		peer->dev->stats.rx_packets++;
		peer->dev->stats.rx_bytes += len;
	} else if (!peer || !netif_running(peer->dev)) {
		dev_kfree_skb(skb);
		dev->stats.tx_dropped++;
	}
	return NETDEV_TX_OK;
}

static int port_open(struct net_device *dev)
{
	struct labport *peer = peer_of(port_of(dev));

	if (peer && netif_running(peer->dev)) {
		netif_carrier_on(dev);
		netif_carrier_on(peer->dev);
	}
	return 0;
}

static int port_stop(struct net_device *dev)
{
	struct labport *peer = peer_of(port_of(dev));

	netif_carrier_off(dev);
	if (peer)
		netif_carrier_off(peer->dev);
	return 0;
}

static const struct net_device_ops netdev_ops = {
	.ndo_open = port_open,
	.ndo_stop = port_stop,
	.ndo_start_xmit = start_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

/* --- ethtool ------------------------------------------------------------------------------------------------------- */

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "labport", sizeof(info->driver));
	strscpy(info->version, "1.0", sizeof(info->version));
	strscpy(info->fw_version, "28.43.2026 (LAB0000000001)", sizeof(info->fw_version));
	strscpy(info->bus_info, "platform:labport", sizeof(info->bus_info));
}

static int get_module_eeprom_by_page(struct net_device *dev, const struct ethtool_module_eeprom *page,
				     struct netlink_ext_ack *ack)
{
	u32 at = page->offset < PAGE_BYTES ? page->offset : page->page * PAGE_BYTES + page->offset;

	if (page->i2c_address != 0x50 || page->bank) {
		NL_SET_ERR_MSG_MOD(ack, "no such address or bank");
		return -EINVAL;
	}
	memcpy(page->data, port_of(dev)->memory + at, page->length);
	return page->length;
}

static int get_fecparam(struct net_device *dev, struct ethtool_fecparam *fec)
{
	fec->fec = port_of(dev)->fec.fec;
	fec->active_fec = port_of(dev)->fec.active_fec;
	return 0;
}

static int set_fecparam(struct net_device *dev, struct ethtool_fecparam *fec)
{
	struct labport *port = port_of(dev);

	port->fec.fec = fec->fec;
	port->fec.active_fec = fec->fec == ETHTOOL_FEC_AUTO ? ETHTOOL_FEC_RS : 1 << (fls(fec->fec) - 1);
	return 0;
}

static void get_fec_stats(struct net_device *dev, struct ethtool_fec_stats *stats)
{
	stats->corrected_blocks.total = port_of(dev)->corrected;
	stats->uncorrectable_blocks.total = port_of(dev)->uncorrectable;
}

static void get_pauseparam(struct net_device *dev, struct ethtool_pauseparam *pause)
{
	pause->rx_pause = port_of(dev)->rx_pause;
	pause->tx_pause = port_of(dev)->tx_pause;
}

static int set_pauseparam(struct net_device *dev, struct ethtool_pauseparam *pause)
{
	port_of(dev)->rx_pause = pause->rx_pause;
	port_of(dev)->tx_pause = pause->tx_pause;
	return 0;
}

static int get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *settings)
{
	struct labport *port = port_of(dev);

	settings->base.speed = netif_carrier_ok(dev) ? CAGE_MBPS / CAGE_LANES * port->lanes : SPEED_UNKNOWN;
	settings->base.duplex = netif_carrier_ok(dev) ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	settings->base.port = PORT_FIBRE;
	settings->base.autoneg = AUTONEG_DISABLE;
	settings->lanes = netif_carrier_ok(dev) ? port->lanes : 0;
	ethtool_link_ksettings_add_link_mode(settings, supported, FIBRE);
	ethtool_link_ksettings_add_link_mode(settings, supported, 400000baseDR4_Full);
	ethtool_link_ksettings_add_link_mode(settings, supported, FEC_RS);
	ethtool_link_ksettings_add_link_mode(settings, advertising, 400000baseDR4_Full);
	ethtool_link_ksettings_add_link_mode(settings, advertising, FEC_RS);
	return 0;
}

static const struct ethtool_ops ethtool_ops = {
	.cap_link_lanes_supported = true,
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_module_eeprom_by_page = get_module_eeprom_by_page,
	.get_fecparam = get_fecparam,
	.set_fecparam = set_fecparam,
	.get_fec_stats = get_fec_stats,
	.get_pauseparam = get_pauseparam,
	.set_pauseparam = set_pauseparam,
	.get_link_ksettings = get_link_ksettings,
};

/* --- data center bridging ------------------------------------------------------------------------------------------ */

static int getets(struct net_device *dev, struct ieee_ets *ets)
{
	*ets = port_of(dev)->ets;
	return 0;
}

static int setets(struct net_device *dev, struct ieee_ets *ets)
{
	port_of(dev)->ets = *ets;
	port_of(dev)->ets.ets_cap = IEEE_8021QAZ_MAX_TCS;
	return 0;
}

static int getpfc(struct net_device *dev, struct ieee_pfc *pfc)
{
	*pfc = port_of(dev)->pfc;
	return 0;
}

static int setpfc(struct net_device *dev, struct ieee_pfc *pfc)
{
	port_of(dev)->pfc.pfc_en = pfc->pfc_en;
	port_of(dev)->pfc.mbc = pfc->mbc;
	port_of(dev)->pfc.delay = pfc->delay;
	return 0;
}

static int getbuffer(struct net_device *dev, struct dcbnl_buffer *buffer)
{
	*buffer = port_of(dev)->buffer;
	return 0;
}

static int setbuffer(struct net_device *dev, struct dcbnl_buffer *buffer)
{
	port_of(dev)->buffer = *buffer;
	return 0;
}

static u8 getdcbx(struct net_device *dev)
{
	return port_of(dev)->dcbx;
}

static u8 setdcbx(struct net_device *dev, u8 mode)
{
	port_of(dev)->dcbx = mode;
	return 0;
}

static const struct dcbnl_rtnl_ops dcbnl_ops = {
	.ieee_getets = getets,
	.ieee_setets = setets,
	.ieee_getpfc = getpfc,
	.ieee_setpfc = setpfc,
	.ieee_setapp = dcb_ieee_setapp,
	.ieee_delapp = dcb_ieee_delapp,
	.dcbnl_getbuffer = getbuffer,
	.dcbnl_setbuffer = setbuffer,
	.getdcbx = getdcbx,
	.setdcbx = setdcbx,
};

/* --- ports --------------------------------------------------------------------------------------------------------- */

static ssize_t write_memory(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	return simple_write_to_buffer(((struct labport *)file->private_data)->memory, MEMORY_BYTES, at, from, size);
}

static ssize_t read_memory(struct file *file, char __user *to, size_t size, loff_t *at)
{
	return simple_read_from_buffer(to, size, at, ((struct labport *)file->private_data)->memory, MEMORY_BYTES);
}

static const struct file_operations memory_file = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = read_memory,
	.write = write_memory,
	.llseek = default_llseek,
};

/* The devlink lock is held. */
static int add_port(int cage, int child, int children)
{
	struct devlink_port_attrs attrs = {};
	struct net_device *dev = alloc_etherdev(sizeof(struct labport *));
	struct labport *port = kzalloc(sizeof(*port), GFP_KERNEL);
	u8 *memory = vzalloc(MEMORY_BYTES);
	int failed;

	if (!dev || !port || !memory)
		return -ENOMEM;
	*(struct labport **)netdev_priv(dev) = port;
	port->dev = dev;
	port->cage = cage;
	port->child = child;
	port->lanes = CAGE_LANES / children;
	port->memory = memory;
	port->fec.fec = port->fec.active_fec = ETHTOOL_FEC_RS;
	port->ets.ets_cap = IEEE_8021QAZ_MAX_TCS;
	port->pfc.pfc_cap = IEEE_8021QAZ_MAX_TCS;
	port->pfc.requests[3] = 41;
	port->pfc.indications[3] = 7;
	port->dcbx = DCB_CAP_DCBX_HOST | DCB_CAP_DCBX_VER_IEEE;
	if (child < 0)
		snprintf(dev->name, IFNAMSIZ, "swp%d", cage);
	else
		snprintf(dev->name, IFNAMSIZ, "swp%ds%d", cage, child);
	attrs.flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL;
	attrs.phys.port_number = cage;
	attrs.phys.split_subport_number = child < 0 ? 0 : child;
	attrs.split = child >= 0;
	attrs.lanes = port->lanes;
	attrs.splittable = port->lanes > 1;
	devlink_port_attrs_set(&port->devlink, &attrs);
	failed = devl_port_register(devlink, &port->devlink, ++devlink_index);
	if (failed)
		return failed;
	eth_hw_addr_random(dev);
	dev->netdev_ops = &netdev_ops;
	dev->ethtool_ops = &ethtool_ops;
	dev->dcbnl_ops = &dcbnl_ops;
	dev->max_mtu = 9216;
	SET_NETDEV_DEV(dev, &parent->dev);
	netif_carrier_off(dev);
	failed = register_netdev(dev);
	if (failed)
		return failed;
	devlink_port_type_eth_set(&port->devlink, dev);
	port->dir = debugfs_create_dir(dev->name, root);
	debugfs_create_file("eeprom", 0600, port->dir, port, &memory_file);
	debugfs_create_u64("fec_corrected", 0600, port->dir, &port->corrected);
	debugfs_create_u64("fec_uncorrectable", 0600, port->dir, &port->uncorrectable);
	port->next = head;
	head = port;
	return 0;
}

static void remove_ports(int cage)
{
	struct labport **place = &head, *port;

	while ((port = *place)) {
		if (port->cage != cage) {
			place = &port->next;
			continue;
		}
		*place = port->next;
		devlink_port_type_clear(&port->devlink);
		unregister_netdev(port->dev);
		devl_port_unregister(&port->devlink);
		debugfs_remove(port->dir);
		vfree(port->memory);
		free_netdev(port->dev);
		kfree(port);
	}
}

static int split(struct devlink *link, struct devlink_port *which, unsigned int count, struct netlink_ext_ack *ack)
{
	struct labport *port = container_of(which, struct labport, devlink);
	int cage = port->cage, child, failed = 0;

	if (count != 2 && count != 4 && count != 8) {
		NL_SET_ERR_MSG_MOD(ack, "Invalid split count");
		return -EINVAL;
	}
	if (port->child >= 0) {
		NL_SET_ERR_MSG_MOD(ack, "Port already split");
		return -EINVAL;
	}
	remove_ports(cage);
	for (child = 0; child < count && !failed; child++)
		failed = add_port(cage, child, count);
	return failed;
}

static int unsplit(struct devlink *link, struct devlink_port *which, struct netlink_ext_ack *ack)
{
	struct labport *port = container_of(which, struct labport, devlink);
	int cage = port->cage;

	if (port->child < 0)
		return -EINVAL;
	remove_ports(cage);
	return add_port(cage, -1, 1);
}

static int info_get(struct devlink *link, struct devlink_info_req *req, struct netlink_ext_ack *ack)
{
	int failed = devlink_info_driver_name_put(req, "labport");

	failed = failed ?: devlink_info_serial_number_put(req, "LABPORT0001");
	failed = failed ?: devlink_info_version_fixed_put(req, "fw.psid", "LAB0000000001");
	failed = failed ?: devlink_info_version_running_put(req, "fw.version", "28.43.2026");
	return failed ?: devlink_info_version_stored_put(req, "fw.version", "28.43.2026");
}

static const struct devlink_ops devlink_ops = {
	.port_split = split,
	.port_unsplit = unsplit,
	.info_get = info_get,
};

static int __init labport_init(void)
{
	int cage, failed = 0;

	root = debugfs_create_dir("labport", NULL);
	parent = platform_device_register_simple("labport", 0, NULL, 0);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	devlink = devlink_alloc(&devlink_ops, sizeof(int), &parent->dev);
	if (!devlink)
		return -ENOMEM;
	devl_lock(devlink);
	for (cage = 1; cage <= ports && !failed; cage++)
		failed = add_port(cage, -1, 1);
	devl_unlock(devlink);
	devlink_register(devlink);
	return failed;
}

module_init(labport_init); /* stays until the machine ends */
MODULE_DESCRIPTION("Front-panel ports without hardware, for tests");
MODULE_LICENSE("GPL");
