"""Names of the broker's own for the API and the console, with their certificate."""

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from infra.stages import Address


class OwnNames(Construct):
    """A domain a name, each led to the API's stage, and its record where the zone is ours.

    Attributes
    ----------
    targets
        What each name's record has to lead to, by "Api" and "Console"; one where both are one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        address: Address,
        api: apigateway.HttpApi,
        stage: apigateway.HttpStage,
    ) -> None:
        super().__init__(scope, construct_id)
        certificate = certificates.Certificate.from_certificate_arn(
            self, "Certificate", address.certificate
        )
        self.targets: dict[str, str] = {}
        named = {"Api": address.api}
        if address.console != address.api:
            named["Console"] = address.console
        for label, name in named.items():
            domain = apigateway.DomainName(
                self, f"{label}Domain", domain_name=name, certificate=certificate
            )
            apigateway.ApiMapping(self, f"{label}Mapping", api=api, domain_name=domain, stage=stage)
            self.targets[label] = domain.regional_domain_name
            if address.zone:
                self._record(label, name, address.zone, domain)

    def _record(
        self, label: str, name: str, zone: tuple[str, str], domain: apigateway.DomainName
    ) -> None:
        hosted = route53.HostedZone.from_hosted_zone_attributes(
            self, f"{label}Zone", hosted_zone_id=zone[0], zone_name=zone[1]
        )
        leads_to = targets.ApiGatewayv2DomainProperties(
            domain.regional_domain_name, domain.regional_hosted_zone_id
        )
        route53.ARecord(
            self,
            f"{label}Record",
            zone=hosted,
            record_name=f"{name}.",
            target=route53.RecordTarget.from_alias(leads_to),
        )
