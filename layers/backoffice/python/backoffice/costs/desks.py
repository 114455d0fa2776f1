"""Whose work a use was: the desk of the function that used it, else of the machine it was in."""

from typing import Final

from backoffice.costs.usage import Use

OTHER: Final = "other"
PARTNERS: Final = "partners"
OPERATOR: Final = "operator"
FRONT_OFFICE: Final = "front_office"

_FUNCTIONS: Final = {
    "intake": "capture_range commit_file freeze_inputs plan_file resolve_trades",
    "risk": "assess_risk take_lists",
    "clearance": "clear_trades decide_cases keep_documents list_cases resolve_case review_customers"
    " screen_parties take_decisions watch_cases",
    "settlement": "net_obligations pursue_fail settle_obligations",
    "accounting": "book_accounts close_books",
    "compliance": "make_reports survey_trading",
    "records": "dispose_records drill_restore erase_clients export_books gather_documents"
    " index_records plan_documents print_documents publish_state register_documents seal_records"
    " search_records verify_records",
    FRONT_OFFICE: "accept_trade describe_api print_sheet show_accounts show_documents show_products"
    " show_trades",
    "console": "show_pages",
    "costs": "measure_usage",
    "service_desk": "open_tickets keep_access record_configuration",
    "remote_operations": "watch_locations",
}
DESK_OF_FUNCTION: Final = {
    name: desk for desk, names in _FUNCTIONS.items() for name in names.split()
}
"""A function's capability is its desk; a test holds this beside the folders of functions."""
_MACHINES: Final = {
    "intake": "capture_file",
    "clearance": "cut_off",
    "accounting": "close_business_day",
    "records": "make_documents rebuild_tables",
}
_DESK_OF_WORK: Final = {name: desk for desk, names in _MACHINES.items() for name in names.split()}
_DESK_OF_CALLER: Final = {"partner": PARTNERS, "operator": OPERATOR, "app": FRONT_OFFICE}


def desk_of(use: Use) -> str:
    """Return the desk of a use.

    What a machine used by itself, its transitions, is its desk's; what no function of the
    platform's used is its caller's.
    """
    step = DESK_OF_FUNCTION.get(use.step)
    if step is not None:
        return step
    if use.caller != "platform":
        return _DESK_OF_CALLER.get(use.caller, OTHER)
    return _DESK_OF_WORK.get(use.work) or DESK_OF_FUNCTION.get(use.work, OTHER)
