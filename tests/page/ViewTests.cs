using KeypointPipeline.Local.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>Every view with real data: what it shows, and that everybody can use it.</summary>
public sealed class ViewTests(Browser browser, SmallHost small)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_view_has_a_finding_of_axe_an_error_or_a_request_to_another_host_in_light_in_dark_and_on_a_phone()
    {
        LocalHost host = await small.HostAsync(Cancel);
        string training = await SmallHost.TrainingAsync(host, Cancel);
        (string Name, string View)[] views =
        [
            ("home", ""),
            ("datasets", "datasets"),
            ("dataset", $"datasets/{Uri.EscapeDataString(SmallHost.Dataset)}"),
            ("training", "training"),
            ("training-one", $"training/{training}"),
            ("models", "models"),
            ("model", $"models/{SmallHost.Champion}"),
            ("batches", "batches"),
            ("batch", $"batches/{Uri.EscapeDataString(SmallHost.Batch)}"),
            ("workflows", "workflows"),
            ("workflow", $"workflows/{training}"),
            ("compare", "models/v2/compare/v1"),
            ("health", "health"),
        ];
        await using Window window = await browser.OpenAsync(host.Url);
        foreach ((string name, string view) in views)
        {
            await window.Page.GotoAsync("about:blank");
            await window.GoAsync(view);
            // What comes later than the rest of a view.
            if (name == "dataset")
                await window.Section("Sample frames").WaitForAsync();

            // Colours and size are a matter of style sheets alone, so the view need not be loaded again.
            foreach (Look look in Enum.GetValues<Look>())
            {
                await window.LookAsync(look);
                await window.KeepPictureAsync($"{name}-{look.ToString().ToLowerInvariant()}");
                await window.AssertSoundAsync(look);
            }

            await window.LookAsync(Look.Light);
        }
    }

    [Fact]
    public async Task Home_shows_the_model_in_use_and_the_rejected_drop()
    {
        LocalHost host = await small.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync("", "Home");

        await Assertions.Expect(window.Section("Model in use")).ToContainTextAsync(SmallHost.Champion);
        await Assertions.Expect(window.Section("Recent failures")).ToContainTextAsync(SmallHost.HostileName);
    }

    [Fact]
    public async Task A_name_that_is_markup_is_shown_as_text_and_runs_nothing()
    {
        LocalHost host = await small.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        foreach (string view in (string[])["", "datasets", $"datasets/{Uri.EscapeDataString(SmallHost.HostileName)}", "workflows", $"workflows/{Uri.EscapeDataString("<b>x</b>")}"])
            await window.GoAsync(view);
        await window.GoAsync("datasets", "Datasets");

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = SmallHost.HostileName })).ToBeVisibleAsync();
        Assert.Equal(0, await window.Page.Locator("main img, main b").CountAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_dataset_shows_its_rows_its_labels_per_keypoint_and_its_bad_rows()
    {
        LocalHost host = await small.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync($"datasets/{Uri.EscapeDataString(SmallHost.Dataset)}", SmallHost.Dataset);

        await Assertions.Expect(window.Section("Labels per keypoint").Locator(".bar-row")).ToHaveCountAsync(15);
        await Assertions.Expect(window.Section("Sample frames").Locator("svg")).ToHaveCountAsync(24);
        await Assertions.Expect(window.Section("Labels that are missing together").Locator(".pattern").First.Locator("span")).ToHaveCountAsync(15);
        await Assertions.Expect(window.Section("Rejected rows")).ToContainTextAsync("Not a number");
        await Assertions.Expect(window.Section("Mirror pairs")).ToContainTextAsync("left eye center ↔ right eye center");
        await Assertions.Expect(window.Section("Rows and groups by side").Locator("tbody tr")).ToHaveTextAsync(["Training484580 %", "Validation6610 %", "Test6610 %"]);
    }

    [Fact]
    public async Task A_training_shows_its_processor_why_it_restarted_and_its_log()
    {
        LocalHost host = await small.HostAsync(Cancel);
        string training = await SmallHost.TrainingAsync(host, Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync($"training/{training}");

        await Assertions.Expect(window.Section("Progress")).ToContainTextAsync("A drawn processor");
        await Assertions.Expect(window.Section("Progress")).ToContainTextAsync("Mean speed418 images/s");
        await Assertions.Expect(window.Section("Restarts").Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(window.Section("Restarts")).ToContainTextAsync("Killed (signal 9, most likely out of memory).");
        await Assertions.Expect(window.Section("Log")).ToContainTextAsync(SmallHost.HostileName);
        await Assertions.Expect(window.Section("Plan")).ToContainTextAsync("48 of 45 groups");
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task Two_models_side_by_side_say_that_the_other_may_have_learned_from_the_rows()
    {
        LocalHost host = await small.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync("models/v2/compare/v1", "Side by side");

        await Assertions.Expect(window.Page.Locator("main .note.warn")).ToContainTextAsync("v1 and did not keep its row plan. It may have learned from these rows");
        await Assertions.Expect(window.Section("The same pictures").Locator("li")).ToHaveCountAsync(6);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_batch_shows_counts_errors_by_reason_and_pictures_that_open()
    {
        LocalHost host = await small.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync($"batches/{Uri.EscapeDataString(SmallHost.Batch)}", SmallHost.Batch);

        await Assertions.Expect(window.Section("Errors by reason").Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Section("Summary")).ToContainTextAsync("Failed1");
        await window.Section("Pictures").Locator("button.tile").First.ClickAsync();
        await window.Page.Locator("dialog.zoom").GetByLabel("Names").CheckAsync();
        await Assertions.Expect(window.Page.Locator("dialog.zoom svg text")).ToHaveCountAsync(15);
        await window.KeepPictureAsync("zoom");
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(window.Page.Locator("dialog")).ToHaveCountAsync(0);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_deep_link_opens_one_instance_with_its_child_input_and_output()
    {
        LocalHost host = await small.HostAsync(Cancel);
        string training = await SmallHost.TrainingAsync(host, Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync($"workflows/{training["train-".Length..]}", $"Dataset {SmallHost.Dataset}");

        await Assertions.Expect(window.Section("Timeline").GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", $"#/workflows/{training}");
        await Assertions.Expect(window.Section("Data")).ToContainTextAsync("\"accepted\": true");
    }
}
