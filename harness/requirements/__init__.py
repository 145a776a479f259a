"""What a lab is held to: limits with clauses, as data, and the buyer's profile.

    require = load_requirements(Path("lab_configs/profiles/ai-backend.toml"), as_of=instant)

    require.limits("tdecq", pmd="400GBASE-DR4")         Limits: the standard's and the profile's, both judged
    require.lab_limits("tx_power_lane", pmd=...)        the same, for what a laboratory measured
    require.pmd("800G-2xDR4").per_link                  Pmd; also pmd_of(media_type, media_id), pmd_of_host(host_id)
    require.reach(pmd, "OS2"), insertion_loss(pmd, "OS2"), fiber_types(pmd), cable_reach("AEC", lane_gbps)
    require.fec(speed_gbps, lanes, pmd)                 FecRule: code, allowed, choice, clause, t, bins, ...
    require.fec_code("rs", speed_gbps, lanes)           the code that a word means; None where it does not say
    require.fec_peers(code)                             Choice: what the far end may run
    require.interoperates(pmd, pmd, speed_gbps)         Interop, or None
    require.pmd_connectors(pmd), trunk_connectors(optic), connector_fits(optic, trunk)
    require.connector_names(code)                       names that an SFF-8024 code stands for
    require.polish(pmd, connector)
    require.asic(name), nic(name), platform(name), platform_cage(name)
    require.cage_accepts(form_factor), lane_rates(serdes_gbps), power_class(form_factor, number)
    require.approved(platform, vendor, number)
    require.pause_budget(speed_gbps), shipped_headroom(platform, speed_gbps, cable_m)
    require.profile                                     Profile: cmis, dom, fec, optics, roce, link, fiber, power, ...

Tables are in ``tables/``, one clause each; ``load.limit_files`` lists them.  Waivers are in ``waivers``: ``apply`` puts
them on a verdict's findings, ``audit`` finds the ones that no longer do anything.
"""
