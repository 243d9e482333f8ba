"""Jurisdictions, agencies and licensing offices."""

import numpy as np

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.scenario import Scenario
from sim.scenario.world.regulators import Agency, Jurisdiction, Office
from sim.world.arrays import Agencies, Jurisdictions, Offices
from sim.world.build.by_name import of_each
from sim.world.build.names import Names
from sim.world.build.random_quantities import rows


def jurisdictions_of(scenario: Scenario, names: Names) -> Jurisdictions:
    """Arrays of the jurisdictions."""
    jurisdictions, offices = scenario.jurisdictions, names.offices
    return filled(
        Jurisdictions,
        names.sizes,
        **of_each(Jurisdictions, Jurisdiction, jurisdictions),
        office=[offices.index(j.office) if j.office else -1 for j in jurisdictions],
        unwelcome=[[j.unwelcome.get(product, 0.0) for product in names.products] for j in jurisdictions],
    )


def agencies_of(scenario: Scenario, names: Names) -> Agencies:
    """Arrays of the agencies."""
    agencies = scenario.agencies
    return filled(
        Agencies,
        names.sizes,
        **of_each(Agencies, Agency, agencies),
        service=rows(agency.service for agency in agencies),
    )


def offices_of(scenario: Scenario, names: Names) -> Offices:
    """Arrays of the licensing offices."""
    offices = scenario.offices
    by = [o.deemed.apply_by if o.deemed else None for o in offices]
    return filled(
        Offices,
        names.sizes,
        **of_each(Offices, Office, offices),
        service=rows(o.service for o in offices),
        batch=[o.batch or 0.0 for o in offices],
        deemed=[o.deemed.probability if o.deemed else 0.0 for o in offices],
        apply_by=[np.inf if day is None else days_from(scenario.start, day) for day in by],
        patience=rows(o.patience for o in offices),
    )
