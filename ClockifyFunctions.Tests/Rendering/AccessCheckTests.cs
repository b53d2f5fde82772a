using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

public sealed class AccessCheckTests
{
    private static readonly EndpointTemplate Endpoint = EndpointTemplate.Find("createInvoice")!;

    [Theory]
    [InlineData("reject", false, 1, 0)]
    [InlineData("warn", true, 0, 1)]
    [InlineData("off", true, 0, 0)]
    public void AMissingFeatureRefusesARecordBeforeACall(string validation, bool isSent, int problems, int warnings)
    {
        var destination = Known($""","validation":"{validation}" """, features: ["EXPENSES"]);
        var result = RequestRenderer.Render(destination, Endpoint.Example, Written.Now);
        Assert.Equal((isSent, problems, warnings), (result.Request is not null, result.Request is null ? result.Problems.Count : 0, result.Request is null ? 0 : result.Problems.Count));
        Assert.All(result.Problems, problem => Assert.Equal("$.endpoint: 'Create invoice' needs the feature INVOICING, which the workspace does not have. Change the workspace's plan or settings in Clockify, then check the connection again.", problem.ToString()));
    }

    [Fact]
    public void AnInsufficientRoleIsAWarningBecauseRolesAreNotDocumented()
    {
        var result = RequestRenderer.Render(Known("", features: ["INVOICING"], isAdmin: false), Endpoint.Example, Written.Now);
        Assert.Equal("$.endpoint: 'Create invoice' is for owners and admins, and the key belongs to neither. Use a key of an owner or admin.", Assert.Single(result.Problems).ToString());
        Assert.NotNull(result.Request);
    }

    [Fact]
    public void UnknownOrExpiredAccessRefusesNothing()
    {
        Assert.Empty(RequestRenderer.Render(Known("", features: null, isAdmin: null), Endpoint.Example, Written.Now).Problems);
        Assert.Empty(RequestRenderer.Render(Known("", features: []), Endpoint.Example, Written.Now + KnownAccess.ValidFor).Problems);
        Assert.Empty(RequestRenderer.Render(Examples.Destination(Endpoint), Endpoint.Example, Written.Now).Problems);
    }

    [Fact]
    public void TheEndpointsThatAWorkspaceDoesNotHaveAreThoseWhoseFeatureIsMissing()
    {
        var access = new WorkspaceAccess(Seed.WorkspaceId, EndpointTemplate.All.Select(endpoint => endpoint.Feature).OfType<string>().Where(feature => feature != "BULK_EDIT").ToHashSet(), true);
        Assert.Equal(["updateTimeEntries"], AccessCheck.Unavailable(access));
        Assert.Empty(AccessCheck.Unavailable(access with { Features = null }));
    }

    private static Destination Known(string rest, string[]? features, bool? isAdmin = true)
    {
        var destination = Examples.Destination(Endpoint, rest: rest);
        destination.Credential.Access.Remember([new WorkspaceAccess(Seed.WorkspaceId, features?.ToHashSet(), isAdmin)], Written.Now);
        return destination;
    }
}
