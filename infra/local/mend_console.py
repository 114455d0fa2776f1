"""Tell the console and its pool where they are: in the cloud their addresses are known beforehand.

Here they hang on the port that the emulator found free, which is another after each start.
"""

from collections.abc import Mapping

from infra.local.clients import Clients

FUNCTION = "backoffice-local-show-pages"
_KEYS = "/.well-known/jwks.json"


def console_address(outputs: Mapping[str, str], endpoint: str) -> str:
    """Return where the console's pages are."""
    return f"{endpoint}/_aws/execute-api/{outputs['ApiId']}/{outputs['ApiStage']}/console"


def mend_console(outputs: Mapping[str, str], clients: Clients, endpoint: str) -> None:
    """Bring the console's settings, and where its pool sends browsers back to, to this endpoint."""
    address, pool = console_address(outputs, endpoint), outputs["UserPoolId"]
    functions = clients.get("lambda")
    found = functions.get_function_configuration(FunctionName=FUNCTION)
    told = found["Environment"]["Variables"]
    if told["CONSOLE_ADDRESS"] == address:
        return
    here = {
        "CONSOLE_ADDRESS": address,
        "SIGN_IN_ADDRESS": endpoint,
        "TOKEN_KEYS_ADDRESS": f"{endpoint}/{pool}{_KEYS}",
    }
    _let_browsers_back(outputs, clients, address)
    functions.update_function_configuration(
        FunctionName=FUNCTION, Environment={"Variables": {**told, **here}}
    )
    # it takes no call until it stands anew
    functions.get_waiter("function_active_v2").wait(
        FunctionName=FUNCTION, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


def _let_browsers_back(outputs: Mapping[str, str], clients: Clients, address: str) -> None:
    pools = clients.get("cognito-idp")
    place = {"UserPoolId": outputs["UserPoolId"], "ClientId": outputs["ConsoleClientId"]}
    client = pools.describe_user_pool_client(**place)["UserPoolClient"]
    others = [each for each in client["CallbackURLs"] if "/console/" not in each]
    kept = (
        *("ClientName", "AllowedOAuthFlows", "AllowedOAuthScopes", "ExplicitAuthFlows"),
        *("AllowedOAuthFlowsUserPoolClient", "SupportedIdentityProviders"),
        *("AccessTokenValidity", "RefreshTokenValidity", "TokenValidityUnits"),
        *("PreventUserExistenceErrors", "EnableTokenRevocation"),
    )
    pools.update_user_pool_client(
        **place,
        **{name: client[name] for name in kept if name in client},
        CallbackURLs=[*others, f"{address}/signed-in"],
        LogoutURLs=[f"{address}/signed-out"],
    )
