using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Tests.Api;

public sealed class ReferenceViewTests
{
    [Fact]
    public void ATemplateListsTheParentOfAReferenceBeforeTheReference()
    {
        Assert.All(EndpointTemplate.All, template =>
        {
            var names = ReferenceView.Of(template).Select(view => view.Name).ToList();
            Assert.Distinct(names);
            Assert.All(ReferenceView.Of(template), view => Assert.True(view.Within is null || names.IndexOf(view.Within) < names.IndexOf(view.Name), view.Name));
        });
    }

    [Fact]
    public void AReferenceTellsWhatARecordGivesAndWhichFieldReceivesTheId()
    {
        var views = ReferenceView.Of(EndpointTemplate.Find("createTimeEntryForUser")!).ToDictionary(view => view.Name);
        Assert.Equal(("email", "userId"), (views["user"].By, views["user"].Field));
        Assert.Equal((null, "client"), (views["client"].Field, views["project"].Within));
        Assert.Equal((false, true), (views["project"].IsListedByParent, views["task"].IsListedByParent));
    }
}
