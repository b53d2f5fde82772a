using System.Text.Json.Nodes;
using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Api;

public sealed class DestinationSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(DestinationSchema.Text)!;

    [Fact]
    public void EveryMemberOfTheConfigIsDescribed()
    {
        var members = Schema["properties"]!.AsObject();
        Assert.Equal(DestinationJson.Web.DestinationConfig.Properties.Where(property => !property.IsExtensionData).Select(property => property.Name), members.Select(member => member.Key));
        Assert.All(members, member => Assert.NotNull(member.Value!["description"]));
        Assert.All(members["batching"]!["properties"]!.AsObject(), member => Assert.NotNull(member.Value!["description"]));
    }

    [Fact]
    public void EveryEndpointIsAChoiceWithItsInputs()
    {
        Assert.Equal(EndpointTemplate.All.Select(template => template.Name), Schema["properties"]!["endpoint"]!["enum"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(EndpointTemplate.All.Count, Schema["allOf"]!.AsArray().Count);
    }

    [Fact]
    public void TheExamplesAreValidDestinations()
    {
        foreach (var example in Schema["examples"]!.AsArray()) Written.Destination(example!.ToJsonString());
    }
}
