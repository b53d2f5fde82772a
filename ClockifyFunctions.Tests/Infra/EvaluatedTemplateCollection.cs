using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Infra;

[Trait(Categories.Name, Categories.Process)]
[CollectionDefinition(Name)]
public sealed class EvaluatedTemplateCollection : ICollectionFixture<EvaluatedTemplate>
{
    public const string Name = "evaluated template";
}
