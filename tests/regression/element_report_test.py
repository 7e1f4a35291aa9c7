"""Trainable elements in reports and sketches, on made-up results. element_report_test.py [-v]"""
import pathlib
import shutil
import tempfile
import unittest

import h5py
import numpy as np

# It puts the scripts of postproc on the path.
import report_test
import synthetic_results
from report_test import Page

import element_figures
import element_labels
import element_page
import elements
import results
import sketch
import training_figures


class ElementsTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="symwave_elements_"))
        self.addCleanup(shutil.rmtree, self.folder)

    def words(self, section):
        """The words of one section, without the pictures of the others."""
        return "".join(Page(section(results.read_results(self.folder))).text)

    def test_pairs_losses_and_elements_without_a_mirror_image(self):
        synthetic_results.make_train(self.folder)
        synthetic_results.change_elements(
            self.folder, [(-4, 2), (4, 2), (0, -2), (3, -2), (0, -2)], (3, 0.8), [1, 0, 2, -1, 4],
            losses=[4])
        words = self.words(element_page.elements_section)
        for part in ("4 phase shifters and 1 attenuator in every block",
                     "2 elements are their own; 2 elements form 1 pair; 1 element has none (heater4)",
                     "heater1heater2", "heater3itself", "heater4none: only error_pass reverse"):
            self.assertIn(part, words)
        self.assertNotIn("Crosstalk", words)

    def test_a_device_without_symmetry_has_no_odd_ones(self):
        synthetic_results.make_train(self.folder)
        synthetic_results.change_elements(self.folder, [(-4, 2), (1, -2)], (3, 0.8), [-1, -1])
        words = self.words(element_page.elements_section)
        self.assertIn("Mirror images about x = 0: 2 elements have none.", words)
        self.assertNotIn("only error_pass reverse", words)

    def test_a_hundred_elements(self):
        synthetic_results.make_train(self.folder)
        centres = [(x, y) for y in range(0, 30, 3) for x in range(-27, 28, 6)]
        images = [10 * row + 9 - column for row in range(10) for column in range(10)]
        synthetic_results.change_elements(self.folder, centres, (4, 1), images, blocks=8)
        with h5py.File(self.folder / "results.h5", "a") as file:
            del file["training/in_silico/commands"], file["training/reverse/commands"]
        words = self.words(element_page.elements_section)
        self.assertIn("100 elements form 50 pairs", words)
        self.assertIn("The first 6 of 8 blocks", words)
        found = results.read_results(self.folder)
        self.assertIsNone(training_figures.trained_phases(found))
        names = element_figures.mirror_names(found.elements)
        self.assertEqual(names[:10], ["1", "2", "3", "4", "5", "5", "4", "3", "2", "1"])

    def test_words_on_elements_do_not_overlap(self):
        boxes = np.array([[x, 0, x + 0.5, 0.2] for x in range(5)], float)
        figure, axes = element_figures.plt.subplots()
        self.addCleanup(element_figures.plt.close, figure)
        choices = [["a very long name"] * 5, ["name"] * 5]
        self.assertEqual(element_labels.write(axes, boxes, (0.5, 0.5), choices), 1)
        self.assertEqual([text.get_text() for text in axes.texts], ["name"] * 5)
        # They stand above boxes that are too small for them.
        self.assertTrue(all(text.get_position()[1] > 0.2 for text in axes.texts))
        self.assertEqual(element_labels.write(axes, boxes, (5, 5), choices), 0)
        self.assertIsNone(element_labels.write(axes, boxes, (0.05, 0.05), choices))

    def test_phases_are_turned_back_into_a_circle(self):
        np.testing.assert_allclose(element_figures.wrapped([0.5, 4, -4, 13]),
                                   [0.5, 4 - 2 * np.pi, 2 * np.pi - 4, 13 - 4 * np.pi])

    def test_elements_before_a_device_is_solved(self):
        box = [[-1, 0], [1, 0], [1, 1], [-1, 1]]
        data = {"elements": [{"name": f"h{k}", "contours": [np.array(box) + [x, 0]],
                              "attenuates": False, "image": image}
                             for k, (x, image) in enumerate(((-3, 1), (3, 0), (0, 2)))]}
        found = elements.of_sketch(data)
        figure, axes = element_figures.plt.subplots()
        self.addCleanup(element_figures.plt.close, figure)
        sketch.draw_elements(axes, found, 1)
        self.assertEqual([text.get_text() for text in axes.texts], ["h0", "h1", "h2"])
        self.assertEqual(len(axes.patches), 4)  # three outlines and an arc
        self.assertEqual(elements.images_sentence(found), "Mirror images about x = 0: 1 element is its "
                         "own; 2 elements form 1 pair.")

    def test_symmetry_above_the_threshold(self):
        synthetic_results.make_train(self.folder)
        with h5py.File(self.folder / "results.h5", "a") as file:
            file["training/forward_mode/symmetry_defect"][40] = 0.7
        words = self.words(element_page.symmetry_section)
        self.assertRegex(words, "It did not have it in 1 of 120 epochs: the defect was at most "
                                "7.0·10⁻¹, in epoch 41, above 0.1; the gradient is wrong")

    def test_elements_of_an_older_version(self):
        """Boxes alone, no mirror images, no symmetry, no deck: what is there is drawn."""
        synthetic_results.make_train(self.folder)
        with h5py.File(self.folder / "results.h5", "a") as file:
            for name in ("element_names", "element_changes", "element_images", "element_outlines",
                         "crosstalk"):
                del file["training"][name]
            for trainer in synthetic_results.TRAINERS:
                del file["training"][trainer]["symmetry_defect"]
            del file["meta/resolved_deck"]
        done = report_test.report(self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        words = "".join(Page((self.folder / "report.html").read_text(encoding="utf-8")).text)
        for part in ("Trainable elements", "no mirror images of the elements",
                     "no symmetry of the programmed device per epoch"):
            self.assertIn(part, words)
        for part in ("Mirror images about", "Crosstalk"):
            self.assertNotIn(part, words)


if __name__ == "__main__":
    unittest.main(warnings=False)
